const java = "[A-Za-z$_][A-Za-z$_0-9]*";

/** Web servers, proxies in front of nodes, Java programs, Redis and PostgreSQL, with the Elastic Common Schema's fields. */
export const serverPatterns: Readonly<Record<string, string>> = {
  HTTPDUSER: "%{EMAILADDRESS}|%{USER}",
  HTTPD_COMMONLOG:
    "%{IPORHOST:source.address} (?:-|%{HTTPDUSER:apache.access.user.identity}) (?:-|%{HTTPDUSER:user.name}) " +
    '\\[%{HTTPDATE:timestamp}\\] "(?:%{WORD:http.request.method} %{NOTSPACE:url.original}' +
    '(?: HTTP/%{NUMBER:http.version})?|%{DATA})" (?:-|%{INT:http.response.status_code:int}) ' +
    "(?:-|%{INT:http.response.body.bytes:long})",
  HTTPD_COMBINEDLOG: '%{HTTPD_COMMONLOG} "(?:-|%{DATA:http.request.referrer})" "(?:-|%{DATA:user_agent.original})"',
  HTTPD20_ERRORLOG:
    "\\[%{HTTPDERROR_DATE:timestamp}\\] \\[%{LOGLEVEL:log.level}\\] (?:\\[client %{IPORHOST:source.address}\\] )?" +
    "%{GREEDYDATA:message}",
  HTTPD24_ERRORLOG:
    "\\[%{HTTPDERROR_DATE:timestamp}\\] \\[(?:%{WORD:apache.error.module})?:%{LOGLEVEL:log.level}\\] " +
    "\\[pid %{POSINT:process.pid:int}(?::tid %{INT:process.thread.id:long})?\\]" +
    "(?: \\[client %{IPORHOST:source.address}(?::%{POSINT:source.port:int})?\\])?(?: %{DATA:error.code}:)? " +
    "%{GREEDYDATA:message}",
  HTTPD_ERRORLOG: "%{HTTPD20_ERRORLOG}|%{HTTPD24_ERRORLOG}",
  COMMONAPACHELOG: "%{HTTPD_COMMONLOG}",
  COMBINEDAPACHELOG: "%{HTTPD_COMBINEDLOG}",

  HAPROXYTIME: "(?<![0-9])%{HOUR}:%{MINUTE}(?::%{SECOND})(?![0-9])",
  HAPROXYDATE: "%{MONTHDAY}/%{MONTH}/%{YEAR}:%{HAPROXYTIME}\\.%{INT}",

  JAVACLASS: `(?:${java}\\.)*${java}`,
  JAVAFILE: "(?:[A-Za-z$_0-9. -]+)",
  JAVAMETHOD: `(?:<(?:cl)?init>|${java})`,
  JAVASTACKTRACEPART:
    "%{SPACE}at %{JAVACLASS:java.log.origin.class.name}\\.%{JAVAMETHOD:log.origin.function}" +
    "\\(%{JAVAFILE:log.origin.file.name}(?::%{INT:log.origin.file.line:int})?\\)",
  JAVATHREAD: "(?:[A-Z]{2}-Processor[0-9]+)",
  JAVALOGMESSAGE: "(?:.*)",
  CATALINA7_DATESTAMP: "%{MONTH} %{MONTHDAY}, %{YEAR} %{HOUR}:%{MINUTE}:%{SECOND} (?:AM|PM)",
  CATALINA7_LOG:
    "%{CATALINA7_DATESTAMP:timestamp} %{JAVACLASS:java.log.origin.class.name}(?: %{JAVAMETHOD:log.origin.function})?" +
    "\\s*(?:%{LOGLEVEL:log.level}:)? %{JAVALOGMESSAGE:message}",
  CATALINA8_DATESTAMP: "%{MONTHDAY}-%{MONTH}-%{YEAR} %{HOUR}:%{MINUTE}:%{SECOND}",
  CATALINA8_LOG:
    "%{CATALINA8_DATESTAMP:timestamp} %{LOGLEVEL:log.level} \\[%{DATA:java.log.origin.thread.name}\\] " +
    "%{JAVACLASS:java.log.origin.class.name}\\.(?:%{JAVAMETHOD:log.origin.function})? %{JAVALOGMESSAGE:message}",
  CATALINA_DATESTAMP: "(?:%{CATALINA8_DATESTAMP})|(?:%{CATALINA7_DATESTAMP})",
  CATALINALOG: "(?:%{CATALINA8_LOG})|(?:%{CATALINA7_LOG})",

  REDISTIMESTAMP: "%{MONTHDAY} %{MONTH} %{TIME}",
  REDISLOG: "\\[%{POSINT:process.pid:int}\\] %{REDISTIMESTAMP:timestamp} \\*",
  POSTGRESQL:
    "%{DATESTAMP:timestamp} %{TZ:event.timezone} %{DATA:user.name} %{GREEDYDATA:postgresql.log.connection_id} " +
    "%{POSINT:process.pid:int}",
  RUBY_LOGLEVEL: "(?:DEBUG|FATAL|ERROR|WARN|INFO)",
  RUBY_LOGGER:
    "[DFEWI], \\[%{TIMESTAMP_ISO8601:timestamp} #%{POSINT:process.pid:int}\\] *%{RUBY_LOGLEVEL:log.level} -- " +
    "+%{DATA:process.name}: %{GREEDYDATA:message}",
};
