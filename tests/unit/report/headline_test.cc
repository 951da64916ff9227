#include <gtest/gtest.h>

#include "report/style.h"

namespace logdetect {
namespace {

std::string headline_of(std::string message, std::string template_text) {
  Finding finding;
  finding.message = std::move(message);
  finding.template_text = std::move(template_text);
  return std::string(headline(finding));
}

TEST(Headline, OfPlainLinesGoesToTheEnd) {
  EXPECT_EQ(headline_of("10:00:00 ERROR depot: hook stuck after 3 s", "hook stuck after <NUM> s"),
            "hook stuck after 3 s");
  EXPECT_EQ(headline_of("10:00:00 \"POST /hook HTTP/1.1\" 500", "\"POST <PATH> <ID>\" <NUM>"),
            "\"POST /hook HTTP/1.1\" 500");
}

TEST(Headline, OfStructuredLinesIsTheMessage) {
  EXPECT_EQ(headline_of(R"({"level":"error","msg":"hook stuck at \"3\"","n":1})", "hook stuck at <*> n=<NUM>"),
            R"(hook stuck at \"3\")");
  EXPECT_EQ(headline_of("{\"log\":\"10:00:00 ERROR hook stuck\\n\",\"stream\":\"stdout\"}", "hook stuck"),
            "hook stuck");
  EXPECT_EQ(headline_of(R"(2024-05-06T08:09:10.1Z stderr F {"msg":"hook stuck","n":1})", "hook stuck n=<NUM>"),
            "hook stuck");
  EXPECT_EQ(headline_of(R"(level=error msg="hook stuck" n=1)", "hook stuck n=<NUM>"), "hook stuck");
  EXPECT_EQ(headline_of("{\"msg\":\"hook stuck", "hook stuck"), "hook stuck");
}

TEST(Headline, OfASessionThatIsOverIsItsStory) {
  Finding finding;
  finding.whole_session = true;
  finding.session_name = "7319726";
  finding.message = "session 7319726: 2 records: [order <NUM> created], [order <NUM> confirmed]";
  finding.template_text = "order <NUM> confirmed";
  EXPECT_EQ(headline(finding), finding.message);
  finding.message = "10:00:00 INFO orders: order 7319726 confirmed";
  EXPECT_EQ(headline(finding), "order 7319726 confirmed") << "found at its last record";
}

}  // namespace
}  // namespace logdetect
