/** Waits until the monitor has a record of the slot. */
export async function untilSlot(url: string, slot: number): Promise<void> {
  const deadline = performance.now() + 240_000;
  while (performance.now() < deadline) {
    const response = await fetch(`${url}/api/v1/slots?limit=1`).catch(() => undefined);
    const body = response?.ok === true ? ((await response.json()) as { slots: { slot: number }[] }) : undefined;
    if ((body?.slots[0]?.slot ?? -1) >= slot) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`The monitor has no record of slot ${slot} after 4 minutes.`);
}
