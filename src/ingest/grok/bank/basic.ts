const octet = "(?:25[0-5]|2[0-4]\\d|1\\d{2}|0?\\d{1,2})";
const hextet = "[0-9A-Fa-f]{1,4}";

/** An IPv6 address with its `::` after n groups; at most 7 stand around it. */
function shortenedIpv6(before: number): string {
  const head = before === 0 ? ":" : `(?:${hextet}:){${before}}`;
  return `${head}(?::${hextet}){1,${7 - before}}`;
}

const ipv6Forms = [
  `(?:${hextet}:){7}${hextet}`,
  `(?:${hextet}:){6}${octet}(?:\\.${octet}){3}`,
  `(?:(?:${hextet}:){1,5}|:):(?:${hextet}:){0,5}${octet}(?:\\.${octet}){3}`,
  ...[1, 2, 3, 4, 5, 6].map(shortenedIpv6),
  `(?:${hextet}:){1,7}:`,
  shortenedIpv6(0),
  "::",
];

/** Words, numbers and network names, by the names that grok's standard bank gives them. */
export const basicPatterns: Readonly<Record<string, string>> = {
  USERNAME: "[A-Za-z0-9._-]+",
  USER: "%{USERNAME}",
  EMAILLOCALPART: "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,62}){0,63}",
  EMAILADDRESS: "%{EMAILLOCALPART}@%{HOSTNAME}",
  INT: "(?:[-+]?[0-9]+)",
  BASE10NUM: "(?<![-+.0-9])(?>[-+]?(?:[0-9]+(?:\\.[0-9]+)?|\\.[0-9]+))",
  NUMBER: "(?:%{BASE10NUM})",
  BASE16NUM: "(?<![0-9A-Fa-f])(?:[-+]?(?:0x)?[0-9A-Fa-f]+)",
  BASE16FLOAT: "\\b(?<![0-9A-Fa-f.])(?:[-+]?(?:0x)?(?:[0-9A-Fa-f]+(?:\\.[0-9A-Fa-f]*)?|\\.[0-9A-Fa-f]+))\\b",
  POSINT: "\\b(?:[1-9][0-9]*)\\b",
  NONNEGINT: "\\b(?:[0-9]+)\\b",
  WORD: "\\b\\w+\\b",
  NOTSPACE: "\\S+",
  SPACE: "\\s*",
  DATA: ".*?",
  GREEDYDATA: ".*",
  QUOTEDSTRING: "(?<!\\\\)(?>\"(?:[^\\\\\"]|\\\\.)*+\"|'(?:[^\\\\']|\\\\.)*+'|`(?:[^\\\\`]|\\\\.)*+`)",
  QS: "%{QUOTEDSTRING}",
  UUID: "[A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}",
  URN: "urn:[A-Za-z0-9][A-Za-z0-9-]{0,31}:(?:[A-Za-z0-9()+,.:=@;$_!*'/?#-]|%[0-9A-Fa-f]{2})+",

  CISCOMAC: "(?:(?:[A-Fa-f0-9]{4}\\.){2}[A-Fa-f0-9]{4})",
  WINDOWSMAC: "(?:(?:[A-Fa-f0-9]{2}-){5}[A-Fa-f0-9]{2})",
  COMMONMAC: "(?:(?:[A-Fa-f0-9]{2}:){5}[A-Fa-f0-9]{2})",
  MAC: "(?:%{CISCOMAC}|%{WINDOWSMAC}|%{COMMONMAC})",
  IPV4: `(?<![0-9])(?:${octet}(?:\\.${octet}){3})(?![0-9])`,
  IPV6: `(?:${ipv6Forms.join("|")})(?:%[0-9A-Za-z._~-]+)?`,
  IP: "(?:%{IPV6}|%{IPV4})",
  HOSTNAME: "\\b[0-9A-Za-z][0-9A-Za-z-]{0,62}(?:\\.[0-9A-Za-z][0-9A-Za-z-]{0,62})*(?:\\.|\\b)",
  IPORHOST: "(?:%{IP}|%{HOSTNAME})",
  HOSTPORT: "%{IPORHOST}:%{POSINT}",

  UNIXPATH: "(?:/[[:alnum:]_%!$@:.,+~-]*)+",
  WINPATH: "(?>[A-Za-z]+:|\\\\)(?:\\\\[^\\\\?*]*)+",
  PATH: "(?:%{UNIXPATH}|%{WINPATH})",
  TTY: "/dev/(?:pts|tty(?:[pq])?)(?:\\w+)?/?[0-9]+",
  URIPROTO: "[A-Za-z][A-Za-z0-9+.-]+",
  URIHOST: "%{IPORHOST}(?::%{POSINT})?",
  URIPATH: "(?:/[A-Za-z0-9$.+!*'(){},~:;=@#%&_-]*)+",
  URIQUERY: "[A-Za-z0-9$.+!*'|(){},~@#%&/=:;_?\\[\\]<>-]*",
  URIPARAM: "\\?%{URIQUERY}",
  URIPATHPARAM: "%{URIPATH}(?:\\?%{URIQUERY})?",
  URI: "%{URIPROTO}://(?:%{USER}(?::[^@]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?",
};
