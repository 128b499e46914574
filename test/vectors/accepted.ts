/**
 * What go-eth2-client refuses and is read here, by class; docs/decisions says why under the same headings. A library for
 * validators has to refuse what it cannot sign for; a monitor must not lose an event over a field that it does not use.
 */
export const accepted: Readonly<Record<string, readonly string[]>> = {
  "Integers as numbers": [
    "v1 ForkChoiceNode SlotInvalid",
    "v1 ForkChoiceNode WeightInvalid",
    "v1 PayloadAttributesEvent ParentBlockNumberWrongType",
    "v1 PayloadAttributesEvent ProposerIndexWrongType",
    "v1 PayloadAttributesEvent ProposerSlotWrongType",
    "electra SingleAttestation AttesterIndexWrongType",
  ],
  "Fields that nothing reads": [
    "v1 BeaconBlockHeader CanonicalWrongType",
    "v1 Finality PreviousJustifiedInvalid",
    "v1 Finality PreviousJustifiedMissing",
    "v1 Finality PreviousJustifiedWrongType",
    "v1 Genesis GenesisForkVersionInvalid",
    "v1 Genesis GenesisForkVersionLong",
    "v1 Genesis GenesisForkVersionMissing",
    "v1 Genesis GenesisForkVersionShort",
    "v1 Genesis GenesisForkVersionWrongType",
    "v1 ProposerDuty PublicKeyInvalid",
    "v1 ProposerDuty PublicKeyLong",
    "v1 ProposerDuty PublicKeyMissing",
    "v1 ProposerDuty PublicKeyShort",
    "v1 ProposerDuty PublicKeyWrongType",
  ],
  "Fields that clients leave out or fill differently": [
    "v1 ChainReorgEvent DepthMissing",
    "v1 ChainReorgEvent EpochMissing",
    "v1 ChainReorgEvent NewHeadStateMissing",
    // The case's name is wrong: its old head is there, the old head's state is missing.
    "v1 ChainReorgEvent OldHeadMissing",
    "v1 FinalizedCheckpointEvent StateMissing",
    "v1 Genesis GenesisValidatorsRootMissing",
    "v1 SyncCommittee ValidatorAggregatesEmpty",
    "v1 SyncState SyncDistanceMissing",
  ],
  "Fields that came or went with a fork": [
    "v1 DataColumnSidecarEvent KZGCommitmentsEmpty",
    "v1 DataColumnSidecarEvent KZGCommitmentsMissing",
    "v1 PayloadAttributesEvent MissingWithdrawals",
    "v1 PayloadAttributesEvent ParentBlockNumberMissing",
  ],
  "Forks of tomorrow": ["v1 PayloadAttributesEvent VersionInvalid"],
  "Empty committees": ["v1 BeaconCommittee ValidatorsEmpty"],
};
