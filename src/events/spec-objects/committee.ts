import { z } from "zod";
import { uint } from "../primitives.ts";

/**
 * One entry of the API's `states/{id}/committees`: its members in the order of the aggregation bits. A network with
 * fewer validators than committees in an epoch has empty ones.
 */
export const beaconCommittee = z.object({ slot: uint, index: uint, validators: z.array(uint) });
