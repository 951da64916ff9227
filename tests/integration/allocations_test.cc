// Counts every allocation of this program: the stages a line passes through must make none once they are warm.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "logdetect/base/number_text.h"
#include "logdetect/base/rng.h"
#include "logdetect/features/extractor.h"
#include "logdetect/ingest/line_splitter.h"
#include "logdetect/mining/template_miner.h"
#include "logdetect/models/ensemble.h"
#include "logdetect/parsing/header.h"

namespace {

std::atomic<std::uint64_t> allocations{0};

void* count_text(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) {
    return memory;
  }
  throw std::bad_alloc();
}

}  // namespace

void* operator new(std::size_t size) {
  return count_text(size);
}
void* operator new[](std::size_t size) {
  return count_text(size);
}
// Those that do not throw too: a sanitizer's own would not go with the operator delete below.
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size == 0 ? 1 : size);
}
void* operator new[](std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

namespace logdetect {
namespace {

// A log with changing numbers, addresses, words with digits and lists; no two lines need be equal.
std::vector<std::string> sample_lines(std::size_t count) {
  Rng rng(1);
  const auto number = [&rng](std::uint64_t below) { return std::to_string(rng.below(below)); };
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < count; ++i) {
    std::string line = "2024-01-15 03:42:" + std::to_string(10 + i % 50) + ".123 INFO host-1 app[77]: ";
    switch (rng.below(4)) {
      case 0:
        line += "request from 10.0." + number(256) + "." + number(256) + " took " + number(100'000) + " ms";
        break;
      case 1:
        line += "node db-" + number(50) + " accepted: slots " + number(9) + ", " + number(99) + ", " + number(999);
        break;
      case 2:
        line += "user=u" + number(100) + " opened /srv/data/" + number(1'000'000) + ".bin (" + number(5000) + " KB)";
        break;
      default:
        line += "heartbeat ok";
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

// Allocations made by `work`, which must have run before with the same input.
template <typename Work>
std::uint64_t allocations_of(Work work) {
  const std::uint64_t before = allocations.load();
  work();
  return allocations.load() - before;
}

TEST(Allocations, TheCounterCounts) {
  EXPECT_GE(allocations_of([] { const std::vector<int> some(100); }), 1U);
}

TEST(Allocations, SplittingLinesMakesNone) {
  std::string bytes;
  for (const std::string& line : sample_lines(2000)) {
    bytes += line + '\n';
  }
  LineSplitter splitter(65'536);
  std::size_t lines = 0;
  const auto pass = [&] {
    SplitLine line;
    for (std::size_t at = 0; at < bytes.size(); at += 4096) {
      splitter.feed(std::string_view(bytes).substr(at, 4096));
      while (splitter.next(line)) {
        ++lines;
      }
    }
  };
  pass();
  EXPECT_EQ(allocations_of(pass), 0U);
  EXPECT_EQ(lines, 4000U);
}

TEST(Allocations, HeadersMasksAndTemplatesMakeNone) {
  const std::vector<std::string> lines = sample_lines(4000);
  const std::vector<std::string_view> views(lines.begin(), lines.end());
  HeaderParser headers(detect_header(views));
  const auto masker = Masker::create({});
  ASSERT_TRUE(masker.ok());
  TemplateMiner miner(MinerOptions{});
  Arena arena;
  MaskedMessage message;
  std::vector<Parameter> parameters;
  std::size_t full = 0;
  std::size_t known = 0;
  const auto pass = [&] {
    for (const std::string_view line : views) {
      Header header;
      ParsedTime time;
      headers.parse(line, arena, header, time);
      full += header.quality == HeaderQuality::kFull ? 1 : 0;
      masker->mask(header.message, message);
      const TemplateId id = miner.learn(message);
      parameters.clear();
      miner.parameters(id, message, parameters);
      known += miner.match(message).valid() ? 1 : 0;
    }
  };
  // A shape is kept when it comes again: the first passes may still allocate.
  for (int i = 0; i < 4; ++i) {
    pass();
  }
  full = known = 0;
  EXPECT_EQ(allocations_of(pass), 0U);
  EXPECT_EQ(full, lines.size());
  EXPECT_EQ(known, lines.size());
}

TEST(Allocations, ScoringMakesAFixedNumberABatch) {
  Rng rng(2);
  std::vector<Event> events(4000);
  for (std::size_t i = 0; i < events.size(); ++i) {
    Event& event = events[i];
    event.time = static_cast<Micros>(i) * 10'000;
    event.has_time = true;
    event.template_id = TemplateId(static_cast<std::uint32_t>(rng.below(40)));
    event.stream = StreamId(static_cast<std::uint32_t>(rng.below(3)));
    event.message_bytes = 40 + event.template_id.value();
    event.level = Level::kInfo;
  }
  Baseline baseline({});
  FeatureMatrix rows;
  {
    FeatureExtractor learning(baseline);
    learning.extract(events, {}, rows);
    learning.finish();
  }
  const FeatureSchema schema = feature_schema({});
  auto ensemble = Ensemble::create({});
  ASSERT_TRUE(ensemble.ok());
  const WindowBatch none;
  const LogView all{.events = events, .rows = rows, .windows = none};
  ASSERT_TRUE(ensemble->fit({.schema = schema, .log = all, .options = {}, .templates = 40}).ok());
  ensemble->calibrate({all}, {});

  FeatureExtractor extractor(static_cast<const Baseline&>(baseline));
  BatchScores scores;
  const auto pass = [&](std::size_t count) {
    return allocations_of([&] {
      extractor.restart();
      extractor.extract(std::span(events).first(count), {}, rows);
      ensemble->score({{.events = std::span(events).first(count), .rows = rows, .windows = none}}, scores);
    });
  };
  pass(4000);
  pass(4000);
  const std::uint64_t few = pass(1000);
  EXPECT_EQ(pass(4000), few);
  EXPECT_LT(few, 50U);
}

}  // namespace
}  // namespace logdetect
