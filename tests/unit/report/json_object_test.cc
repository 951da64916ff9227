#include "logdetect/report/json_object.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace logdetect {
namespace {

TEST(JsonObject, WritesMembersInOrder) {
  std::string out = "x";
  {
    JsonObject object(out);
    object.text("a", "b\"\n");
    object.optional_text("none", "");
    object.optional_text("some", "s");
    object.number("n", std::uint64_t{3});
    object.number("d", 0.5);
    object.boolean("t", true);
    object.boolean("f", false);
    object.value("raw") += "{}";
  }
  EXPECT_EQ(out, R"(x{"a":"b\"\n","none":null,"some":"s","n":3,"d":0.5,"t":true,"f":false,"raw":{}})");
}

TEST(JsonObject, AnEmptyOneIsWhole) {
  std::string out;
  { const JsonObject object(out); }
  EXPECT_EQ(out, "{}");
}

TEST(JsonObject, ListsHoldNoneOneAndSeveral) {
  std::string out;
  {
    JsonObject object(out);
    object.texts("none", {});
    const std::vector<std::string> texts = {"a", "\x01"};
    object.texts("texts", texts);
    object.list("objects", std::vector<int>{7}, [](std::string& to, int value) {
      JsonObject member(to);
      member.number("v", static_cast<std::uint64_t>(value));
    });
  }
  EXPECT_EQ(out, "{\"none\":[],\"texts\":[\"a\",\"\\u0001\"],\"objects\":[{\"v\":7}]}");
}

}  // namespace
}  // namespace logdetect
