// Layouts of well-known programs, invented lines: header and message must be found with nothing configured.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "header_support.h"
#include "logdetect/parsing/header.h"

namespace logdetect {
namespace {

std::size_t at(int i, std::size_t size) {
  return (static_cast<std::size_t>(i) * 2654435761U >> 7U) % size;
}

std::string two(int value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

std::string clock_of(int i) {
  return "08:" + two(i / 60 % 60) + ":" + two(i % 60);
}

std::string millis(int i) {
  return std::to_string(100 + i * 37 % 900);
}

std::string number(int i, int from, int count) {
  return std::to_string(from + static_cast<int>(at(i + 11, static_cast<std::size_t>(count))));
}

std::string pick(int i, const std::vector<std::string>& from) {
  return from[at(i, from.size())];
}

/// Messages of many shapes, none of which may be mistaken for a column.
std::string words(int i) {
  switch (at(i + 5, 10)) {
    case 0:
      return "connection from 10.0.3." + std::to_string(i % 250) + " accepted";
    case 1:
      return "Failed to open /var/lib/depot/shelf-" + std::to_string(i) + ".db: no such file";
    case 2:
      return "order 77" + std::to_string(i) + " shipped in " + std::to_string(i * 3) + " ms";
    case 3:
      return "retrying (attempt " + std::to_string(i % 5) + ") because the peer went away";
    case 4:
      return "Cache warmed, entries=" + std::to_string(i * 7);
    case 5:
      return "user alice" + std::to_string(i % 9) + " logged in";
    case 6:
      return "Starting worker pool with " + std::to_string(i % 17) + " threads";
    case 7:
      return "GET /api/v1/box/" + std::to_string(i) + " took too long";
    case 8:
      return "Heartbeat: ok";
    default:
      return "queue depth is " + std::to_string(i % 90);
  }
}

const std::vector<std::string> kLevels = {"INFO", "INFO", "INFO", "WARN", "DEBUG", "ERROR"};

struct Animal {
  std::string name;
  std::function<std::string(int)> header;  // of line i, without the message
  std::string expected;                    // of line 3, without "|message"
  std::function<std::string(int)> message = words;
};

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::vector<Animal> java_and_dotnet() {
  return {
      {"logback with MDC",
       [](int i) {
         return "2024-05-06 " + clock_of(i) + "." + millis(i) + " [http-nio-8080-exec-" + number(i, 1, 10) + "] " +
                padded(i == 3 ? "WARN" : pick(i, kLevels), 5) + " [traceId=" + number(i, 40000, 5000) + "," +
                "spanId=" + number(i, 100, 800) + "] c.e.depot." + (i == 3 ? "Shelf" : pick(i, {"Cart", "Shelf"})) +
                "Service - ";
       },
       "2024-05-06T08:00:03.211Z|WARNING||c.e.depot.ShelfService|"},
      {"log4net",
       [](int i) {
         return "2024-05-06 " + clock_of(i) + "," + millis(i) + " [" + number(i, 1, 20) + "] " +
                padded(i == 3 ? "WARN" : pick(i, kLevels), 5) + " Depot.Web." +
                (i == 3 ? "Global" : pick(i, {"Global", "Mailer", "CartController"})) + " [(null)] - ";
       },
       "2024-05-06T08:00:03.211Z|WARNING||Depot.Web.Global|*"},
      {"kafka",
       [](int i) {
         return "[2024-05-06 " + clock_of(i) + "," + millis(i) + "] " + (i == 3 ? "WARN" : pick(i, kLevels)) + " ";
       },
       "2024-05-06T08:00:03.211Z|WARNING|||",
       [](int i) {
         return (i % 3 == 1 ? "Completed " : "[") +
                pick(i, {"Log partition=orders-3, dir=/kafka", "ReplicaManager broker=2", "GroupCoordinator 1"}) +
                "] " + words(i) + " (kafka." + pick(i, {"log.Log", "server.ReplicaManager"}) + ")";
       }},
      {"elasticsearch",
       [](int i) {
         return "[2024-05-06T" + clock_of(i) + "," + millis(i) + "][" + padded(i == 3 ? "WARN" : pick(i, kLevels), 5) +
                "][" + padded(i == 3 ? "o.e.c.m.MetaService" : pick(i, {"o.e.n.Node", "o.e.c.m.MetaService"}), 25) +
                "] [node-1] ";
       },
       "2024-05-06T08:00:03.211Z|WARNING|*|o.e.c.m.MetaService|"},
      {"tomcat juli",
       [](int i) {
         return two(1 + i / 100) + "-May-2024 " + clock_of(i) + "." + millis(i) + " " +
                (i == 3 ? "WARNING" : pick(i, {"INFO", "WARNING", "SEVERE"})) + " [" +
                pick(i, {"main", "Catalina-utility-1", "http-nio-8080-exec-3"}) + "] org.example.depot." +
                (i == 3 ? "Startup.load" : pick(i, {"Startup.load", "Engine.stop"})) + " ";
       },
       "2024-05-01T08:00:03.211Z|WARNING||org.example.depot.Startup.load|"},
      {"wildfly",
       [](int i) {
         return "2024-05-06 " + clock_of(i) + "," + millis(i) + " " + padded(i == 3 ? "WARN" : pick(i, kLevels), 5) +
                " [org.example." + (i == 3 ? "server" : pick(i, {"server", "ejb", "io"})) +
                "] (ServerService Thread Pool -- " + number(i, 10, 60) + ") ";
       },
       "2024-05-06T08:00:03.211Z|WARNING||org.example.server|"},
      {"serilog",
       [](int i) {
         return "2024-05-06 " + clock_of(i) + "." + millis(i) + " +02:00 [" +
                (i == 3 ? "WRN" : pick(i, {"INF", "INF", "WRN", "ERR", "DBG"})) + "] ";
       },
       "2024-05-06T06:00:03.211Z|WARNING|||"},
      {"nlog",
       [](int i) {
         return "2024-05-06 " + clock_of(i) + "." + millis(i) + "4|" + (i == 3 ? "WARN" : pick(i, kLevels)) +
                "|Depot.Web." + (i == 3 ? "Mailer" : pick(i, {"Mailer", "Cart", "Stock.Reader"})) + "|";
       },
       "2024-05-06T08:00:03.211400Z|WARNING||Depot.Web.Mailer|"},
  };
}

std::vector<Animal> scripting() {
  return {
      {"rails",
       [](int i) {
         const std::string level = i == 3 ? "WARN" : pick(i, kLevels);
         return level.substr(0, 1) + ", [2024-05-06T" + clock_of(i) + "." + millis(i) + "123 #" + number(i, 4711, 4) +
                "] " + std::string(5 - level.size(), ' ') + level + " -- : ";
       },
       "2024-05-06T08:00:03.211123Z|WARNING|||*"},
      {"ruby logger with program",
       [](int i) {
         const std::string level = i == 3 ? "WARN" : pick(i, kLevels);
         return level.substr(0, 1) + ", [2024-05-06T" + clock_of(i) + "." + millis(i) + "123 #" + number(i, 4711, 4) +
                "] " + std::string(5 - level.size(), ' ') + level + " -- " +
                (i == 3 ? "mailer" : pick(i, {"mailer", "stock", "cart"})) + ": ";
       },
       "2024-05-06T08:00:03.211123Z|WARNING||mailer|*"},
      {"django",
       [](int i) {
         return "[06/May/2024 " + clock_of(i) + "] " + (i == 3 ? "WARNING" : pick(i, {"INFO", "WARNING", "ERROR"})) +
                " [django." + (i == 3 ? "request" : pick(i, {"request", "server", "db.backends"})) + ":" +
                number(i, 100, 80) + "] ";
       },
       "2024-05-06T08:00:03Z|WARNING||django.request|"},
      {"gunicorn",
       [](int i) {
         return "[2024-05-06 " + clock_of(i) + " +0000] [" + number(i, 30, 6) + "] [" +
                (i == 3 ? "WARNING" : pick(i, {"INFO", "WARNING", "ERROR"})) + "] ";
       },
       "2024-05-06T08:00:03Z|WARNING|||*"},
      {"uwsgi",
       [](int i) {
         return "[pid: " + number(i, 700, 8) + "|app: 0|req: " + std::to_string(i) + "/" + std::to_string(i * 3) +
                "] 198.51.100." + std::to_string(i % 200) + " () {40 vars in 700 bytes} [Mon May  6 " + clock_of(i) +
                " 2024] ";
       },
       "2024-05-06T08:00:03Z|UNKNOWN|198.51.100.3|*|*",
       [](int i) {
         return "GET /box/" + std::to_string(i) + " => generated 77 bytes in " + std::to_string(i) + " msecs";
       }},
      {"celery",
       [](int i) {
         return "[2024-05-06 " + clock_of(i) + "," + millis(i) + ": " +
                (i == 3 ? "WARNING" : pick(i, {"INFO", "WARNING", "ERROR"})) + "/" +
                (i == 3 ? "MainProcess" : pick(i, {"MainProcess", "ForkPoolWorker-2", "ForkPoolWorker-1"})) + "] ";
       },
       "2024-05-06T08:00:03.211Z|WARNING||MainProcess|"},
      {"php-fpm",
       [](int i) {
         return "[06-May-2024 " + clock_of(i) + "] " + (i == 3 ? "WARNING" : pick(i, {"NOTICE", "WARNING", "ERROR"})) +
                ": ";
       },
       "2024-05-06T08:00:03Z|WARNING|||"},
      {"monolog",
       [](int i) {
         return "[2024-05-06T" + clock_of(i) + "." + millis(i) + "123+00:00] " +
                (i == 3 ? "app" : pick(i, {"app", "request", "security"})) + "." +
                (i == 3 ? "WARNING" : pick(i, {"INFO", "WARNING", "ERROR", "DEBUG"})) + ": ";
       },
       "2024-05-06T08:00:03.211123Z|WARNING||app|"},
  };
}

std::vector<Animal> servers() {
  return {
      {"nginx error",
       [](int i) {
         return "2024/05/06 " + clock_of(i) + " [" + (i == 3 ? "warn" : pick(i, {"error", "warn", "notice"})) + "] " +
                number(i, 800, 4) + "#" + number(i, 800, 4) + ": ";
       },
       "2024-05-06T08:00:03Z|WARNING|||*", [](int i) { return "*" + std::to_string(i * 13) + " " + words(i); }},
      {"apache 2.4 error",
       [](int i) {
         return "[Mon May 06 " + clock_of(i) + "." + millis(i) + "123 2024] [" +
                (i == 3 ? "core" : pick(i, {"core", "mpm_event", "proxy_http"})) + ":" +
                (i == 3 ? "warn" : pick(i, {"error", "warn", "notice"})) + "] [pid " + number(i, 900, 9) + ":tid " +
                number(i, 140000, 999) + "] ";
       },
       "2024-05-06T08:00:03.211123Z|WARNING||core|*"},
      {"postgresql with time and pid",
       [](int i) {
         return "2024-05-06 " + clock_of(i) + "." + millis(i) + " UTC [" + number(i, 4000, 50) + "] " +
                (i == 3 ? "WARNING" : pick(i, {"LOG", "LOG", "ERROR", "WARNING", "STATEMENT", "FATAL"})) + ":  ";
       },
       "2024-05-06T08:00:03.211Z|WARNING|||*"},
      {"postgresql with user and database",
       [](int i) {
         return "2024-05-06 " + clock_of(i) + " UTC [" + number(i, 4000, 50) + "] " +
                pick(i, {"shop@orders", "report@orders"}) + " " +
                (i == 3 ? "WARNING" : pick(i, {"LOG", "LOG", "ERROR", "WARNING", "DETAIL", "FATAL"})) + ":  ";
       },
       "2024-05-06T08:00:03Z|WARNING|*|*|*"},
      {"postgresql without prefix",
       [](int i) {
         return (i == 3 ? "WARNING" : pick(i, {"LOG", "LOG", "ERROR", "WARNING"})) + std::string(":  ");
       },
       "-|WARNING|||"},
      {"mysql",
       [](int i) {
         return "2024-05-06T" + clock_of(i) + "." + millis(i) + "123Z " + number(i, 0, 90) + " [" +
                (i == 3 ? "Warning" : pick(i, {"Note", "System", "Warning", "ERROR"})) + "] [MY-0" +
                number(i, 10000, 2000) + "] [" + (i == 3 ? "InnoDB" : pick(i, {"Server", "InnoDB", "Repl"})) + "] ";
       },
       "2024-05-06T08:00:03.211123Z|WARNING||InnoDB|*"},
  };
}

std::vector<Animal> stores_and_proxies() {
  return {
      {"redis",
       [](int i) {
         return number(i, 1, 3) + ":" + pick(i, {"M", "C", "S"}) + " 06 May 2024 " + clock_of(i) + "." + millis(i) +
                " " + pick(i, {"*", "#", "-", "."}) + " ";
       },
       "2024-05-06T08:00:03.211Z|UNKNOWN|||*"},
      {"mongodb text",
       [](int i) {
         return "2024-05-06T" + clock_of(i) + "." + millis(i) + "+0000 " + (i == 3 ? "W" : pick(i, {"I", "W", "E"})) +
                " " + padded(i == 3 ? "NETWORK" : pick(i, {"NETWORK", "STORAGE", "COMMAND", "-"}), 8) + " [" +
                pick(i, {"conn14", "initandlisten", "listener", "conn99"}) + "] ";
       },
       "2024-05-06T08:00:03.211Z|WARNING||NETWORK|"},
      {"haproxy", [](int i) { return "May  6 " + clock_of(i) + " edge haproxy[" + number(i, 300, 3) + "]: "; },
       "1970-05-06T08:00:03Z|UNKNOWN|edge|haproxy|*",
       [](int i) {
         return "198.51.100." + std::to_string(i % 200) + ":51000 [06/May/2024:" + clock_of(i) +
                ".123] web~ app/srv1 0/0/1/12/13 200 " + std::to_string(i * 11) +
                " - - ---- 1/1/0/0/0 0/0 \"GET / HTTP/1.1\"";
       }},
      {"squid",
       [](int i) {
         return "171504" + two(10 + i / 60) + two(i % 60) + "." + millis(i) + "    " + std::to_string(i * 3) + " ";
       },
       "*|UNKNOWN|||*",
       [](int i) {
         return "198.51.100." + std::to_string(i % 200) + " TCP_MISS/200 4512 GET http://www.example.org/" +
                std::to_string(i) + " - DIRECT/203.0.113.5 text/html";
       }},
      {"iis", [](int i) { return "2024-05-06 " + clock_of(i) + " "; }, "2024-05-06T08:00:03Z|UNKNOWN|||",
       [](int i) {
         return "10.0.0.5 GET /shelf/" + std::to_string(i) + " - 443 - 198.51.100." + std::to_string(i % 200) +
                " Mozilla/5.0 200 0 0 " + std::to_string(i * 3);
       }},
      {"caddy-like bars with blanks",
       [](int i) {
         return "2024-05-06 " + clock_of(i) + " | " + padded(i == 3 ? "WARN" : pick(i, kLevels), 5) + " | depot." +
                (i == 3 ? "mail" : pick(i, {"mail", "cart", "stock"})) + ":run:" + number(i, 10, 90) + " - ";
       },
       "2024-05-06T08:00:03Z|WARNING||depot.mail:run|"},
      {"airflow",
       [](int i) {
         return "[2024-05-06, " + clock_of(i) + " UTC] {" + pick(i, {"taskinstance", "scheduler"}) +
                ".py:" + number(i, 100, 900) + "} " + (i == 3 ? "WARNING" : pick(i, {"INFO", "WARNING", "ERROR"})) +
                " - ";
       },
       "2024-05-06T08:00:03Z|WARNING||*|"},
      {"rabbitmq",
       [](int i) {
         return "2024-05-06 " + clock_of(i) + "." + millis(i) + "123+00:00 [" +
                (i == 3 ? "warning" : pick(i, {"info", "warning", "error"})) + "] <0." + number(i, 200, 900) + ".0> ";
       },
       "2024-05-06T08:00:03.211123Z|WARNING|*|*|*"},
  };
}

std::vector<Animal> clusters() {
  return {
      {"cassandra",
       [](int i) {
         return padded(i == 3 ? "WARN" : pick(i, kLevels), 5) + " [" +
                pick(i, {"main", "CompactionExecutor:12", "ScheduledTasks:1"}) + "] 2024-05-06 " + clock_of(i) + "," +
                millis(i) + " " + (i == 3 ? "Gossip" : pick(i, {"Gossip", "Storage", "Memtable"})) +
                "Service.java:" + number(i, 100, 900) + " - ";
       },
       "2024-05-06T08:00:03.211Z|WARNING||GossipService.java|"},
      {"etcd",
       [](int i) {
         return "2024-05-06 " + clock_of(i) + "." + millis(i) + "123 " + (i == 3 ? "W" : pick(i, {"I", "W", "E"})) +
                " | " + (i == 3 ? "raft" : pick(i, {"raft", "etcdserver", "embed"})) + ": ";
       },
       "2024-05-06T08:00:03.211123Z|WARNING||raft|"},
      {"envoy",
       [](int i) {
         return "[2024-05-06 " + clock_of(i) + "." + millis(i) + "][" + number(i, 1, 30) + "][" +
                (i == 3 ? "warning" : pick(i, {"info", "warning", "error"})) + "][" +
                (i == 3 ? "upstream" : pick(i, {"upstream", "main", "config"})) +
                "] [source/server/server.cc:" + number(i, 100, 700) + "] ";
       },
       "2024-05-06T08:00:03.211Z|WARNING||upstream|*"},
      {"vault and consul",
       [](int i) {
         return "2024-05-06T" + clock_of(i) + "." + millis(i) + "Z [" + (i == 3 ? "WARN" : pick(i, kLevels)) + "]  " +
                (i == 3 ? "agent.client" : pick(i, {"agent.client", "agent", "agent.server.raft"})) + ": ";
       },
       "2024-05-06T08:00:03.211Z|WARNING||agent.client|"},
      {"esxi",
       [](int i) {
         return "2024-05-06T" + clock_of(i) + "." + millis(i) + "Z " +
                (i == 3 ? "warning" : pick(i, {"info", "warning", "error"})) + " hostd[" + number(i, 2097000, 60) +
                "] [Originator@6876 sub=" + pick(i, {"Vimsvc", "Hostsvc"}) + "] ";
       },
       "2024-05-06T08:00:03.211Z|WARNING|*|*|*"},
      {"zap console",
       [](int i) {
         return "2024-05-06T" + clock_of(i) + "." + millis(i) + "Z\t" + (i == 3 ? "WARN" : pick(i, kLevels)) + "\t" +
                (i == 3 ? "mail" : pick(i, {"mail", "stock", "cart"})) + "/run.go:" + number(i, 10, 90) + "\t";
       },
       "2024-05-06T08:00:03.211Z|WARNING||mail/run.go|"},
      {"dropwizard",
       [](int i) {
         return padded(i == 3 ? "WARN" : pick(i, kLevels), 5) + " [2024-05-06 " + clock_of(i) + "," + millis(i) +
                "] org.example." + (i == 3 ? "Mailer" : pick(i, {"Mailer", "Stock", "Cart"})) + ": ";
       },
       "2024-05-06T08:00:03.211Z|WARNING||org.example.Mailer|"},
      {"spring boot 3",
       [](int i) {
         return "2024-05-06T" + clock_of(i) + "." + millis(i) + "+02:00 " +
                std::string(5 - std::min<std::size_t>(5, (i == 3 ? "WARN" : pick(i, kLevels)).size()), ' ') +
                (i == 3 ? "WARN" : pick(i, kLevels)) + " " + number(i, 900, 2) + " --- [depot] [" +
                pick(i, {"           main", "nio-8080-exec-1", "   scheduling-1"}) + "] o.example.depot." +
                padded(i == 3 ? "Loader" : pick(i, {"Loader", "Stock"}), 20) + " : ";
       },
       "2024-05-06T06:00:03.211Z|WARNING||o.example.depot.Loader|*"},
  };
}

std::vector<Animal> systems() {
  return {
      {"journal short-iso",
       [](int i) {
         return "2024-05-06T" + clock_of(i) + "+0200 fern " +
                (i == 3 ? "sshd[812]: " : pick(i, {"sshd[812]: ", "kernel: ", "systemd[1]: ", "cron[44]: "}));
       },
       "2024-05-06T06:00:03Z|UNKNOWN|fern|sshd|812"},
      {"journal short-precise",
       [](int i) {
         return "May 06 " + clock_of(i) + "." + millis(i) + "123 fern " +
                (i == 3 ? "sshd[812]: " : pick(i, {"sshd[812]: ", "kernel: ", "systemd[1]: ", "cron[44]: "}));
       },
       "1970-05-06T08:00:03.211123Z|UNKNOWN|fern|sshd|812"},
      {"syslog with facility and level",
       [](int i) {
         return "May  6 " + clock_of(i) + " fern " +
                (i == 3 ? "daemon.warn" : pick(i, {"daemon.info", "auth.warn", "kern.err", "user.notice"})) + " " +
                (i == 3 ? "ntpd[9]" : pick(i, {"ntpd[9]", "dropbear[77]", "kernel"})) + ": ";
       },
       "1970-05-06T08:00:03Z|*|fern|ntpd|9"},
      {"klog",
       [](int i) {
         return (i == 3 ? "W" : pick(i, {"I", "I", "W", "E"})) + "0506 " + clock_of(i) + "." + millis(i) +
                "123       " + number(i, 1, 9) + " " + (i == 3 ? "reflector" : pick(i, {"reflector", "server", "gc"})) +
                ".go:" + number(i, 30, 500) + "] ";
       },
       "1970-05-06T08:00:03.211123Z|WARNING||reflector.go|*"},
      {"cisco ios",
       [](int i) {
         return "May  6 " + clock_of(i) + " 10.1.1.1 " + std::to_string(100 + i) + ": *May  6 " + clock_of(i) + "." +
                millis(i) + ": ";
       },
       "*|UNKNOWN|10.1.1.1||*",
       [](int i) { return "%LINK-3-UPDOWN: Interface Gi0/" + std::to_string(i % 48) + ", changed state to up"; }},
      {"juniper",
       [](int i) {
         return "May  6 " + clock_of(i) + "  core-1 " + (i == 3 ? "rpd" : pick(i, {"rpd", "mgd", "chassisd"})) + "[" +
                number(i, 1300, 40) + "]: ";
       },
       "1970-05-06T08:00:03Z|UNKNOWN|core-1|rpd|*",
       [](int i) { return "RPD_OSPF_NBRDOWN: OSPF neighbor 10.0.0." + std::to_string(i % 9) + " state changed"; }},
      {"iptables", [](int i) { return "May  6 " + clock_of(i) + " fern kernel: "; },
       "1970-05-06T08:00:03Z|UNKNOWN|fern|kernel|",
       [](int i) {
         return "[" + std::to_string(80000 + i) + ".123456] [UFW BLOCK] IN=eth0 OUT= SRC=198.51.100." +
                std::to_string(i % 200) + " DST=10.0.0.5 LEN=40 PROTO=TCP";
       }},
      {"dmesg",
       [](int i) { return "[" + std::string(i < 100 ? "   " : "  ") + std::to_string(i) + "." + millis(i) + "123] "; },
       "*|UNKNOWN|||",
       [](int i) {
         return pick(i, {"usb 1-1: ", "eth0: ", "EXT4-fs (sda1): "}) + words(i);
       }},
      {"logcat threadtime",
       [](int i) {
         return "05-06 " + clock_of(i) + "." + millis(i) + "  " + number(i, 1700, 9) + "  " + number(i, 2300, 40) +
                " " + (i == 3 ? "W" : pick(i, {"D", "I", "W", "E", "V"})) + " " +
                (i == 3 ? "PowerManager" : pick(i, {"PowerManager", "Activity", "wifi"})) + ": ";
       },
       "1970-05-06T08:00:03.211Z|WARNING||PowerManager|*"},
      {"logcat brief",
       [](int i) {
         return (i == 3 ? "W" : pick(i, {"D", "I", "W", "E", "V"})) + std::string("/") +
                padded(i == 3 ? "PowerManager" : pick(i, {"PowerManager", "Activity", "wifi"}), 9) + "( " +
                number(i, 1700, 9) + "): ";
       },
       "-|WARNING||PowerManager|*"},
      {"windows event export",
       [](int i) {
         return std::string(i == 3 ? "Warning" : pick(i, {"Information", "Warning", "Error"})) + "\t5/" +
                std::to_string(1 + i / 60 % 28) + "/2024 " + std::to_string(8 + i % 4) + ":" + two(i % 60) +
                ":03 AM\t" + (i == 3 ? "DepotSvc" : pick(i, {"DepotSvc", "Kernel", "Disk"})) + "\t" +
                number(i, 1000, 90) + "\tNone\t";
       },
       "2024-05-01T11:03:03Z|WARNING||DepotSvc|*"},
  };
}

std::vector<Animal> shapes() {
  return {
      {"tabs",
       [](int i) {
         return "2024-05-06T" + clock_of(i) + "Z\t" + (i == 3 ? "WARN" : pick(i, kLevels)) + "\t" +
                (i == 3 ? "mailer" : pick(i, {"mailer", "cart", "stock"})) + "\t";
       },
       "2024-05-06T08:00:03Z|WARNING||mailer|"},
      {"epoch seconds",
       [](int i) { return std::to_string(1715040000 + i) + " " + (i == 3 ? "WARN" : pick(i, kLevels)) + " "; },
       "2024-05-07T00:00:03Z|WARNING|||"},
      {"epoch milliseconds in brackets",
       [](int i) {
         return "[" + std::to_string(1715040000000 + i * 1000) + "] " + (i == 3 ? "WARN" : pick(i, kLevels)) + " " +
                (i == 3 ? "mailer" : pick(i, {"mailer", "cart", "stock"})) + ": ";
       },
       "2024-05-07T00:00:03Z|WARNING||mailer|"},
      {"colours",
       [](int i) {
         return "\x1b[2m2024-05-06T" + clock_of(i) + "." + millis(i) + "123Z\x1b[0m " +
                (i == 3 ? "\x1b[33m WARN\x1b[0m" : pick(i, {"\x1b[32m INFO\x1b[0m", "\x1b[33m WARN\x1b[0m"})) +
                " \x1b[2mdepot::" + (i == 3 ? "mailer" : pick(i, {"mailer", "cart", "stock"})) +
                "\x1b[0m\x1b[2m:\x1b[0m ";
       },
       "2024-05-06T08:00:03.211123Z|WARNING||depot::mailer|"},
      {"rust tracing",
       [](int i) {
         return "2024-05-06T" + clock_of(i) + "." + millis(i) + "123Z  " + (i == 3 ? "WARN" : pick(i, kLevels)) +
                " depot::" + (i == 3 ? "mailer" : pick(i, {"mailer", "cart", "stock"})) + ": ";
       },
       "2024-05-06T08:00:03.211123Z|WARNING||depot::mailer|"},
      {"rust env_logger",
       [](int i) {
         return "[2024-05-06T" + clock_of(i) + "Z " + padded(i == 3 ? "WARN" : pick(i, kLevels), 5) +
                " depot::" + (i == 3 ? "mailer" : pick(i, {"mailer", "cart", "stock"})) + "] ";
       },
       "2024-05-06T08:00:03Z|WARNING||depot::mailer|"},
      {"go log", [](int i) { return "2024/05/06 " + clock_of(i) + " "; }, "2024-05-06T08:00:03Z|UNKNOWN|||"},
      {"go log with file",
       [](int i) {
         return "2024/05/06 " + clock_of(i) + "." + millis(i) + "123 " +
                (i == 3 ? "mailer" : pick(i, {"mailer", "cart", "stock"})) + ".go:" + number(i, 20, 300) + ": ";
       },
       "2024-05-06T08:00:03.211123Z|UNKNOWN||mailer.go|"},
      {"all in brackets",
       [](int i) {
         return "[2024-05-06 " + clock_of(i) + "][" + (i == 3 ? "WARN" : pick(i, kLevels)) + "][" +
                (i == 3 ? "mailer" : pick(i, {"mailer", "cart", "stock"})) + "] ";
       },
       "2024-05-06T08:00:03Z|WARNING||mailer|"},
      {"level first",
       [](int i) {
         return (i == 3 ? "WARN" : pick(i, kLevels)) + " 2024-05-06 " + clock_of(i) + "," + millis(i) + " " +
                (i == 3 ? "mailer" : pick(i, {"mailer", "cart", "stock"})) + " " + number(i, 700, 9) + " " +
                number(i, 140000, 90) + " ";
       },
       "2024-05-06T08:00:03.211Z|WARNING||mailer|*"},
      {"csv-like",
       [](int i) {
         return "2024-05-06 " + clock_of(i) + "." + millis(i) + ", " + (i == 3 ? "WARN" : pick(i, kLevels)) + ", " +
                (i == 3 ? "mailer" : pick(i, {"mailer", "cart", "stock"})) + ", ";
       },
       "2024-05-06T08:00:03.211Z|WARNING||mailer|"},
      {"time of day",
       [](int i) {
         return clock_of(i) + "." + millis(i) + " [" + pick(i, {"main", "pool-1-thread-2"}) + "] " +
                padded(i == 3 ? "WARN" : pick(i, kLevels), 5) + " org.example.Depot" + " - ";
       },
       "1970-01-01T08:00:03.211Z|WARNING||org.example.Depot|"},
  };
}

std::vector<Animal> zoo() {
  std::vector<Animal> all;
  for (const std::vector<Animal>& part :
       {java_and_dotnet(), scripting(), servers(), stores_and_proxies(), clusters(), systems(), shapes()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

/// Equal but for parts that are "*" in `expected`.
bool fits(const std::string& line, const std::string& expected) {
  std::size_t a = 0;
  std::size_t b = 0;
  while (true) {
    const std::size_t a_end = std::min(line.find('|', a), line.size());
    const std::size_t b_end = std::min(expected.find('|', b), expected.size());
    const std::string want = expected.substr(b, b_end - b);
    if (b_end == expected.size()) {
      return want == line.substr(a);  // the message, bars and all
    }
    if (want != "*" && want != line.substr(a, a_end - a)) {
      return false;
    }
    if (a_end == line.size()) {
      return false;
    }
    a = a_end + 1;
    b = b_end + 1;
  }
}

TEST(HeaderZoo, EveryLayoutIsFoundWithNothingConfigured) {
  for (const Animal& animal : zoo()) {
    std::vector<std::string> lines;
    for (int i = 0; i < 500; ++i) {
      lines.push_back(animal.header(i) + animal.message(i));
    }
    const HeaderPlan plan = plan_of(lines);
    HeaderParser parser(plan);
    std::size_t cut = 0;
    std::string wrong;
    for (int i = 0; i < 500; ++i) {
      const std::string line = parsed_line(parser, lines[static_cast<std::size_t>(i)]);
      const std::string message = animal.message(i);
      const bool good = line.ends_with("|" + message);
      cut += good ? 1 : 0;
      wrong = good ? wrong : line;
    }
    EXPECT_GE(cut, 498U) << animal.name << ": " << plan.describe() << "\n  " << lines[3] << "\n  " << wrong;
    const std::string third = parsed_line(parser, lines[3]);
    EXPECT_TRUE(fits(third, animal.expected + "|" + animal.message(3)))
        << animal.name << ": " << plan.describe() << "\n  line " << lines[3] << "\n  read " << third << "\n  want "
        << animal.expected << "|" << animal.message(3);
  }
}

}  // namespace
}  // namespace logdetect
