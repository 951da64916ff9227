#include "logdetect/judging/session_cutter.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace logdetect {
namespace {

struct Line {
  Micros seconds;
  std::string text;
};

// The session names of the lines under these options.
std::vector<std::string> names_of(const SessionOptions& options, const std::vector<Line>& lines) {
  auto key = SessionKey::create(options);
  EXPECT_TRUE(key.ok());
  ParsedBatch parsed;
  parsed.source = SourceId(0);
  parsed.source_name = "app.log";
  EventBatch& batch = parsed.batch;
  std::uint64_t number = 0;
  for (const Line& line : lines) {
    batch.records.append(line.text, {SourceId(0), 0, ++number, line.text.size()}, 1, false);
    Event event;
    event.time = line.seconds * kMicrosPerSecond;
    event.stream = StreamId(0);
    const std::string_view record = batch.records.records().back().text;
    const std::string_view name = key->find(record);
    batch.session_names.push_back(name);
    event.session = name.empty() ? SessionId() : session_of(name);
    event.begins_session = key->begins(record);
    batch.events.push_back(event);
  }
  SessionCutter cutter(*key);
  cutter.cut(parsed);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    names.emplace_back(batch.session_names[i]);
    EXPECT_EQ(batch.events[i].session.valid(), !names.back().empty());
    if (batch.events[i].session.valid()) {
      EXPECT_EQ(batch.events[i].session, session_of(names.back()));
    }
  }
  return names;
}

using Names = std::vector<std::string>;

TEST(SessionCutter, ADelimiterLineBeginsASessionOfTheStream) {
  SessionOptions options;
  options.delimiter = "^boot";
  EXPECT_EQ(names_of(options, {{1, "a"}, {2, "boot"}, {3, "b"}, {4, "boot"}}),
            (Names{"app.log:1", "app.log:2", "app.log:2", "app.log:4"}));
}

TEST(SessionCutter, ASilenceEndsASession) {
  SessionOptions options;
  options.gap_seconds = 10;
  EXPECT_EQ(names_of(options, {{1, "a"}, {11, "b"}, {22, "c"}}), (Names{"app.log:1", "app.log:1", "app.log:3"}));
}

TEST(SessionCutter, DelimiterAndIdTogether) {
  SessionOptions options;
  options.key = "id=(\\w+)";
  options.delimiter = "begin";
  EXPECT_EQ(names_of(options, {{1, "begin id=a"},
                               {2, "begin id=b"},
                               {3, "id=a"},
                               {4, "begin id=a"},
                               {5, "id=a"},
                               {6, "id=b"},
                               {7, "no key"}}),
            (Names{"a", "b", "a", "a@4", "a@4", "b", ""}));
}

TEST(SessionCutter, LeavesPlainKeysAlone) {
  SessionOptions options;
  options.key = "id=(\\w+)";
  EXPECT_EQ(names_of(options, {{1, "id=a"}, {1'000'000, "id=a"}}), (Names{"a", "a"}));
}

}  // namespace
}  // namespace logdetect
