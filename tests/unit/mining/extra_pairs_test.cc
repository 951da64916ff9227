// Pairs of a structured line beside its message: parameters by name, never part of the template.
#include "logdetect/parsing/extra_pairs.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "logdetect/base/rng.h"
#include "logdetect/mining/masker.h"
#include "logdetect/mining/template_miner.h"
#include "parsing/pair_tail.h"
#include "unit/parsing/header_support.h"

namespace logdetect {
namespace {

/// Reads a log with nothing configured and mines it.
class Mined {
 public:
  explicit Mined(const std::vector<std::string>& lines)
      : headers_(plan_of(lines)), masker_(std::move(Masker::create({})).value()), miner_(MinerOptions{}) {
    for (const std::string& line : lines) {
      ids_.push_back(learn(line));
    }
  }

  /// Template and parameters of a line, "template|name=value kind|...".
  std::string of(const std::string& line) {
    const TemplateId id = miner_.resolve(learn(line));
    std::vector<Parameter> parameters;
    miner_.parameters(id, message_, parameters);
    std::string out = miner_.info(id).text;
    for (const Parameter& parameter : parameters) {
      EXPECT_EQ(parameter.named() ? parameter.text.substr(0, parameter.name_bytes) : std::string_view(),
                parameter.named() ? std::string(parameter.name()) + "=" : std::string());
      out += '|';
      out += parameter.text;
      out += ' ';
      out += mask_name(parameter.kind);
    }
    return out;
  }

  [[nodiscard]] std::size_t templates() const { return miner_.size(); }
  [[nodiscard]] std::string plan() const { return headers_.plan().describe(); }

 private:
  TemplateId learn(const std::string& line) {
    arena_.clear();
    Header header;
    ParsedTime parsed;
    headers_.parse(line, arena_, header, parsed);
    masker_.mask(header.message, header.extra_bytes, message_);
    return miner_.learn(message_);
  }

  HeaderParser headers_;
  Masker masker_;
  TemplateMiner miner_;
  MaskedMessage message_;
  Arena arena_;
  std::vector<TemplateId> ids_;
};

// Any of six keys may be there or not, in any order.
std::string members(Rng& rng, const std::string& form, const std::vector<std::string>& required) {
  std::vector<std::string> pairs = required;
  const std::vector<std::string> optional = {"retry=3",  "tenant=north", "err=\"connection refused\"",
                                             "shelf=A7", "cost=1.5",     "ok=true"};
  for (const std::string& pair : optional) {
    if (rng.next() % 2 == 0) {
      pairs.push_back(pair);
    }
  }
  for (std::size_t i = pairs.size() - 1; i > 0; --i) {
    std::swap(pairs[i], pairs[rng.next() % (i + 1)]);
  }
  std::string text;
  for (const std::string& pair : pairs) {
    if (form == "json") {
      const std::size_t equals = pair.find('=');
      const std::string value = pair.substr(equals + 1);
      const bool bare = value.front() == '"' || value == "true" || value.find_first_not_of("0123456789.") == value.npos;
      text += (text.empty() ? "\"" : ",\"") + pair.substr(0, equals) + "\":" + (bare ? value : '"' + value + '"');
    } else {
      text += (text.empty() ? "" : " ") + pair;
    }
  }
  return text;
}

TEST(ExtraPairs, WhatIsWrittenIsReadAgain) {
  Rng rng(4);
  const std::string alphabet = "ab\\\"' =\n{7";
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::pair<std::string, std::string>> pairs(1 + rng.next() % 4);
    std::string text;
    for (auto& [key, value] : pairs) {
      key = "k" + std::to_string(rng.next() % 9);
      for (std::size_t n = rng.next() % 6; n > 0; --n) {
        value += alphabet[rng.next() % alphabet.size()];
      }
      append_pair(text, key, value, needs_quotes(value));
    }
    std::string_view rest = text;
    ExtraPair pair;
    for (const auto& [key, value] : pairs) {
      ASSERT_TRUE(take_pair(rest, pair)) << text;
      ASSERT_EQ(pair.text.substr(0, pair.name_bytes), key + "=") << text;
      if (!needs_quotes(value)) {
        ASSERT_EQ(pair.text.substr(pair.name_bytes), value) << text;
      }
    }
    ASSERT_FALSE(take_pair(rest, pair)) << text;
  }
}

TEST(ExtraPairs, AKeyIsOneWord) {
  std::string text;
  append_pair(text, "two words=\"x\"", "1", false);
  EXPECT_EQ(text, "two_words__x_=1");
  text.clear();
  append_pair(text, std::string(1000, 'k'), "1", false);
  EXPECT_EQ(text.size(), 130U);
}

TEST(ExtraPairs, OptionalKeysMakeNoTemplate) {
  for (const std::string form : {"json", "logfmt", "console", "console object"}) {
    Rng rng(11);
    std::vector<std::string> lines;
    for (int i = 0; i < 200; ++i) {
      const std::string message = i % 3 == 0 ? "order placed" : "cache miss for shelf " + std::to_string(i);
      const std::string clock = "2024-05-06T08:09:" + std::to_string(10 + i % 50) + "Z";
      if (form == "json") {
        lines.push_back(R"({"ts":")" + clock + R"(",)" +
                        members(rng, form, {"level=info", "msg=\"" + message + "\"", "took=1" + std::to_string(i)}) +
                        "}");
      } else if (form == "logfmt") {
        lines.push_back("ts=" + clock + " " + members(rng, form, {"level=info", "msg=\"" + message + "\"", "took=1"}));
      } else if (form == "console") {
        lines.push_back(clock + " INFO " + message + " " + members(rng, form, {"took=1"}));
      } else {
        lines.push_back(clock + "\tINFO\tdepot/cart.go:" + std::to_string(i) + "\t" + message + "\t{" +
                        members(rng, "json", {"took=1"}) + "}");
      }
    }
    Mined log(lines);
    EXPECT_EQ(log.templates(), 2U) << form << ": " << log.plan();
    EXPECT_EQ(log.of(lines[0]).substr(0, 13), "order placed|") << form;
    EXPECT_EQ(log.of(lines[1]).substr(0, 29), "cache miss for shelf <NUM>|1 ") << form;
  }
}

TEST(ExtraPairs, AreTypedParametersByName) {
  Mined log({R"({"msg":"moved 5 boxes","ip":"10.0.0.7","took":"3.5ms","note":"a b","n":-4})",
             R"({"msg":"moved 9 boxes","n":1})"});
  EXPECT_EQ(log.of(R"({"took":"3.5ms","note":"a b","msg":"moved 7 boxes","n":-4,"ip":"10.0.0.7"})"),
            "moved <NUM> boxes|7 <NUM>|ip=10.0.0.7 <IP>|n=-4 <NUM>|note=\"a b\" <*>|took=3.5ms <NUM>");
}

// Without a message the keys that nearly every line has stand for it.
TEST(ExtraPairs, WithoutAMessageTheRequiredKeysShape) {
  for (const std::string form : {"json", "logfmt"}) {
    Rng rng(12);
    std::vector<std::string> lines;
    for (int i = 0; i < 200; ++i) {
      const std::vector<std::string> required = {std::string("method=") + (i % 2 == 0 ? "GET" : "PUT"),
                                                 "path=/box/" + std::to_string(i), "status=200",
                                                 "agent=\"made by " + std::string(i % 4, 'x') + " hand\""};
      const std::string pairs = members(rng, form, required);
      lines.push_back(form == "json" ? R"({"ts":"2024-05-06T08:09:10Z",)" + pairs + "}"
                                     : "ts=2024-05-06T08:09:10Z " + pairs);
    }
    Mined log(lines);
    EXPECT_EQ(log.templates(), 1U) << form;
    EXPECT_EQ(log.of(lines[0]).substr(0, 51), "agent= method=<*> path=<PATH> status=<NUM>| <*>|GET") << form;
    // One that lacks a required key is no new template, one of another kind is.
    const std::string lacking = R"({"ts":"2024-05-06T08:09:10Z","method":"GET","path":"/box/1"})";
    const std::string other = R"({"ts":"2024-05-06T08:09:10Z","door":"left","angle":12})";
    if (form == "json") {
      log.of(lacking);
      EXPECT_EQ(log.templates(), 1U);
      EXPECT_EQ(log.of(other), "angle=<NUM> door=left|12 <NUM>|left <*>");
    }
  }
}

// Kinds of records, each with its own keys, stay kinds.
TEST(ExtraPairs, KindsWithKeysOfTheirOwnStayApart) {
  std::vector<std::string> lines;
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    lines.push_back(i % 2 == 0 ? R"({"ts":1714982950,"zone":"a","door":"left","angle":)" + n + R"(,"speed":)" + n + "}"
                               : R"({"ts":1714982950,"zone":"a","cart":)" + n + R"(,"boxes":)" + n + R"(,"load":1})");
  }
  EXPECT_EQ(Mined(lines).templates(), 2U);
}

TEST(PairTail, WhereItBegins) {
  const auto tail = [](std::string_view message) {
    const std::size_t at = find_pair_tail(message);
    return at == std::string_view::npos ? std::string_view("-") : message.substr(at);
  };
  EXPECT_EQ(tail("order placed user=7 note=\"a b\" ok="), "user=7 note=\"a b\" ok=");
  EXPECT_EQ(tail("order placed err='no such key'"), "err='no such key'");
  EXPECT_EQ(tail("a=1 order placed"), "-");
  EXPECT_EQ(tail("a=1 b=2"), "-");
  EXPECT_EQ(tail("done (took=5)"), "-");
  EXPECT_EQ(tail("dag_id=load, task_id=save"), "-");
  EXPECT_EQ(tail("x note=\"open"), "-");
  EXPECT_EQ(tail(""), "-");
}

// The same keys in the same places are what the message says.
TEST(PairTail, FixedPairsBelongToTheMessage) {
  std::vector<std::string> lines;
  for (int i = 0; i < 100; ++i) {
    lines.push_back("2024-05-06 08:09:10 INFO finished box in=" + std::to_string(i) + " out=" + std::to_string(i * 7));
  }
  Mined log(lines);
  EXPECT_EQ(log.plan(), "<time> <level> <message>");
  EXPECT_EQ(log.of(lines[3]), "finished box in=<NUM> out=<NUM>|3 <NUM>|21 <NUM>");
}

TEST(PairTail, ThePlanIsKept) {
  Rng rng(3);
  std::vector<std::string> lines;
  for (int i = 0; i < 100; ++i) {
    lines.push_back("2024-05-06 08:09:10 INFO order placed " + members(rng, "console", {"took=1"}));
  }
  const HeaderPlan plan = plan_of(lines);
  EXPECT_EQ(plan.describe(), "<time> <level> <message> <key=value ...>");
  ByteWriter out;
  plan.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "test");
  const auto loaded = HeaderPlan::load(in);
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->describe(), plan.describe());
}

}  // namespace
}  // namespace logdetect
