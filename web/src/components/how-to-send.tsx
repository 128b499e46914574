/** What to do where nothing came of any server. */
export function HowToSend({ when }: { when: string }) {
  return (
    <p className="empty">
      Nothing came of any node's server {when}: Metricbeat, Packetbeat, Filebeat, Telegraf or rsyslog send it, as{" "}
      <code>docs/beats.md</code> says.
    </p>
  );
}
