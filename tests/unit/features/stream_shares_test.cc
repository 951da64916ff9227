#include "features/stream_shares.h"

#include <gtest/gtest.h>

#include <cmath>

#include "logdetect/base/rng.h"
#include "unit/features/support.h"

namespace logdetect {
namespace {

using testing::EventScript;
using testing::learn;
using testing::rows_of;
using testing::value;

constexpr std::uint64_t kWeb = 11;
constexpr std::uint64_t kDb = 22;

void learn_lines(StreamShares& shares, std::uint64_t stream, std::size_t id, int lines) {
  for (int i = 0; i < lines; ++i) {
    shares.learn(stream, id);
  }
}

TEST(StreamShares, KnownValues) {
  StreamShares shares;
  learn_lines(shares, kWeb, 0, 1800);
  learn_lines(shares, kWeb, 1, 200);
  learn_lines(shares, kDb, 0, 1800);
  // First time on kDb: all 200 lines of it came from one stream, none of which had it once. (0 + 1/2) / 201 is 6 nats,
  // ln((1800 + 200) / 200) the less.
  EXPECT_NEAR(shares.surprise(kDb, 1, 200, 0.05), std::log(10), 1e-12);
  // Smoothed: (200 + 200 x 0.05) / 2200 on kWeb is no less than overall.
  EXPECT_EQ(shares.surprise(kWeb, 1, 200, 0.05), 0);
  // 1 of 10,001 lines where it should be one in ten.
  StreamShares rare;
  learn_lines(rare, kWeb, 0, 10'000);
  rare.learn(kWeb, 1);
  EXPECT_NEAR(rare.surprise(kWeb, 1, 1000, 0.1), std::log(0.1 / (21.0 / 10'201)), 1e-12);
  const StreamShares::Facts facts = shares.facts(kDb, 1);
  EXPECT_EQ(facts.lines, 1800U);
  EXPECT_EQ(facts.here, 0U);
  EXPECT_EQ(facts.streams, 1U);
}

TEST(StreamShares, WhatComesFromAnotherStreamEachTimeSurprisesNowhere) {
  StreamShares shares;
  for (std::uint64_t stream = 1; stream <= 40; ++stream) {
    learn_lines(shares, stream, 0, 2000);
    if (stream <= 20) {
      shares.learn(stream, 1);
    }
  }
  EXPECT_LT(shares.surprise(30, 1, 20, 20.0 / 80'020), 0.1);
}

TEST(StreamShares, NothingIsSaidOfStreamsAndTemplatesNeverSeen) {
  StreamShares shares;
  learn_lines(shares, kWeb, 0, 5000);
  EXPECT_EQ(shares.surprise(99, 0, 5000, 1), 0) << "a new host";
  EXPECT_EQ(shares.surprise(kWeb, 7, 0, 1e-5), 0) << "new everywhere: rarity says it all";
  EXPECT_EQ(shares.surprise(0, 0, 5000, 1), 0) << "no host stated";
  shares.learn(0, 3);
  EXPECT_EQ(shares.streams(), 1U);
}

TEST(StreamShares, AStreamsOwnLinesAreNormalThereAfterSomeEvidence) {
  StreamShares shares;
  learn_lines(shares, kDb, 5, 100);
  EXPECT_NEAR(shares.share(kDb, 5, 1e-4), (90 + 200 * 1e-4) / 300, 1e-12);
  EXPECT_EQ(shares.share(kWeb, 5, 1e-4), 1e-4) << "not elsewhere";
  StreamShares few;
  learn_lines(few, kDb, 5, 10);
  EXPECT_EQ(few.share(kDb, 5, 1e-4), 1e-4) << "a hidden anomaly does not make itself normal";
}

TEST(StreamShares, LinesOfOneDistributionRarelySurprise) {
  // Twenty streams that draw from the same hundred templates, half of them rare.
  Rng rng(5);
  StreamShares shares;
  std::vector<std::uint64_t> counts(100, 0);
  const auto draw = [&] { return rng.below(2) == 0 ? rng.below(100) : rng.below(10); };
  for (int i = 0; i < 40'000; ++i) {
    const std::size_t id = draw();
    shares.learn(1 + rng.below(20), id);
    ++counts[id];
  }
  int surprised = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::size_t id = draw();
    const double share = static_cast<double>(counts[id]) / 40'000;
    surprised += shares.surprise(1 + rng.below(20), id, counts[id], share) > 1.5 ? 1 : 0;
  }
  EXPECT_LT(surprised, 20);
}

TEST(StreamShares, IsBoundedAndSaysNothingOfWhatItForgot) {
  StreamShares shares;
  for (std::uint64_t i = 0; i < StreamShares::kMaxPairs + 1000; ++i) {
    shares.learn(1 + i % 7, i / 7);
  }
  EXPECT_EQ(shares.dropped(), 1000U);
  EXPECT_EQ(shares.surprise(1, 0, 7, 1e-5) > 0, false);
  EXPECT_EQ(shares.surprise(3, StreamShares::kMaxPairs - 1, 7, 1e-5), 0) << "perhaps it was one of those";
}

TEST(StreamShares, ComesBackFromAFile) {
  Rng rng(3);
  StreamShares shares;
  for (int i = 0; i < 5000; ++i) {
    shares.learn(1 + rng.below(9), rng.below(50));
  }
  ByteWriter out;
  shares.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "test");
  StreamShares copy;
  copy.load(in, 50);
  ASSERT_TRUE(in.finish().ok());
  for (std::uint64_t stream = 1; stream < 12; ++stream) {
    for (std::size_t id = 0; id < 51; ++id) {
      EXPECT_EQ(copy.surprise(stream, id, 100, 0.02), shares.surprise(stream, id, 100, 0.02));
      EXPECT_EQ(copy.share(stream, id, 0.02), shares.share(stream, id, 0.02));
    }
  }
  ByteWriter again;
  copy.save(again);
  EXPECT_EQ(again.take(), bytes);
  ByteReader hostile(bytes, "test");
  StreamShares refused;
  refused.load(hostile, 10);
  EXPECT_FALSE(hostile.ok()) << "a template beyond those of the model";
}

// --- in a row ---------------------------------------------------------------------------------------------------

FeatureOptions by_host() {
  FeatureOptions options;
  options.rate_key = RateKey::kHost;
  return options;
}

// Two hosts: both say 1, the second alone says 2.
EventScript two_hosts() {
  EventScript script;
  for (int i = 0; i < 3000; ++i) {
    script.add(i, 1).group = i % 2 == 0 ? kWeb : kDb;
    if (i % 100 == 0) {
      script.add(i + 0.5, 2).group = kDb;
    }
  }
  return script;
}

TEST(StreamFeatures, ATemplateOfAnotherHostIsSurprisingOnThisOne) {
  Baseline baseline(by_host());
  learn(baseline, two_hosts());
  EventScript later;
  later.add(4000, 2).group = kDb;
  later.add(4001, 2).group = kWeb;
  later.add(4002, 2).group = 999;
  FeatureExtractor frozen(std::as_const(baseline));
  const FeatureMatrix rows = rows_of(frozen, later);
  const FeatureSchema schema = feature_schema(by_host());
  EXPECT_EQ(value(schema, rows, 0, "stream_surprise"), 0);
  EXPECT_GT(value(schema, rows, 1, "stream_surprise"), 2);
  EXPECT_EQ(value(schema, rows, 2, "stream_surprise"), 0);
  EXPECT_LT(value(schema, rows, 0, "template_rarity"), value(schema, rows, 1, "template_rarity"));
  EXPECT_EQ(baseline.streams(), 2U);
  EXPECT_EQ(baseline.on_stream(kWeb, TemplateId(2)).streams, 1U);
}

TEST(StreamFeatures, WithoutAKeyNothingChanges) {
  Baseline plain{FeatureOptions{}};
  const FeatureMatrix with_groups = learn(plain, two_hosts());
  EventScript bare = two_hosts();
  for (Event& event : bare.mutable_events()) {
    event.group = 0;
  }
  Baseline again{FeatureOptions{}};
  const FeatureMatrix without = learn(again, bare);
  EXPECT_TRUE(std::equal(with_groups.values().begin(), with_groups.values().end(), without.values().begin()));
  EXPECT_EQ(feature_schema(FeatureOptions{}).find("stream_surprise"), -1);
}

TEST(StreamFeatures, ComeBackFromAFile) {
  Baseline baseline(by_host());
  learn(baseline, two_hosts());
  ByteWriter out;
  baseline.save(out);
  const std::string bytes = out.take();
  ByteReader in(bytes, "test");
  auto copy = Baseline::load(in, by_host());
  ASSERT_TRUE(copy.ok());
  EXPECT_EQ(copy->on_stream(kDb, TemplateId(2)).here, 30U);
}

TEST(StreamShares, FactsOfStreamsAndTemplates) {
  StreamShares shares;
  learn_lines(shares, kWeb, 3, 5);
  learn_lines(shares, kDb, 3, 1);
  learn_lines(shares, kDb, 1, 2);
  const StreamShares::Facts here = shares.facts(kWeb, 3);
  EXPECT_EQ(here.lines, 5U);
  EXPECT_EQ(here.here, 5U);
  EXPECT_EQ(here.streams, 2U);
  EXPECT_EQ(shares.facts(kDb, 1).lines, 3U);
  EXPECT_EQ(shares.facts(kDb, 1).here, 2U);
  EXPECT_EQ(shares.facts(99, 3).lines, 0U);
  EXPECT_EQ(shares.facts(99, 3).here, 0U);
  EXPECT_EQ(shares.facts(kWeb, 0).streams, 0U);
  EXPECT_EQ(shares.facts(kWeb, 4).streams, 0U) << "beyond all templates";
}

TEST(StreamShares, ANewcomerIsAsUnlikelyAsTheTemplateIsSettled) {
  StreamShares shares;
  learn_lines(shares, 90, 0, 1'000'000);  // known so well that its size bounds nothing
  shares.learn(1, 1);                     // once on two streams, twice on a third
  shares.learn(2, 1);
  learn_lines(shares, 3, 1, 2);
  EXPECT_NEAR(shares.surprise(90, 1, 4, 1e-6), -std::log(2.5 / 5), 1e-12);
  shares.learn(2, 1);  // not once any more
  EXPECT_NEAR(shares.surprise(90, 1, 5, 1e-6), -std::log(1.5 / 6), 1e-12);
}

TEST(StreamShares, TenLinesOfAStreamProveNothing) {
  StreamShares shares;
  learn_lines(shares, kDb, 5, 11);
  EXPECT_NEAR(shares.share(kDb, 5, 1e-4), (1 + 200 * 1e-4) / 211, 1e-12);
  EXPECT_EQ(shares.share(kDb, 5, 0.5), 0.5) << "never less than overall";
}

TEST(StreamShares, StreamsAreBounded) {
  StreamShares shares;
  for (std::uint64_t stream = 1; stream <= StreamShares::kMaxStreams; ++stream) {
    shares.learn(stream, 0);
  }
  EXPECT_EQ(shares.dropped(), 0U);
  shares.learn(StreamShares::kMaxStreams + 1, 0);
  shares.learn(StreamShares::kMaxStreams, 0);
  EXPECT_EQ(shares.dropped(), 1U);
  EXPECT_EQ(shares.streams(), StreamShares::kMaxStreams);
  EXPECT_EQ(shares.facts(StreamShares::kMaxStreams + 1, 0).lines, 0U);
  EXPECT_EQ(shares.facts(StreamShares::kMaxStreams, 0).lines, 2U);
}

struct Stored {
  std::uint64_t name, lines;
  std::uint32_t id;
  std::uint64_t here;
};

bool loads(const std::vector<Stored>& streams, const std::vector<Stored>& pairs, std::uint64_t dropped = 0) {
  ByteWriter out;
  out.u64(streams.size());
  for (const Stored& stream : streams) {
    out.u64(stream.name);
    out.u64(stream.lines);
    out.u8(1);
  }
  out.u64(pairs.size());
  for (const Stored& pair : pairs) {
    out.u64(pair.name);
    out.u32(pair.id);
    out.u64(pair.here);
  }
  out.u64(dropped);
  const std::string bytes = out.take();
  ByteReader in(bytes, "streams");
  StreamShares shares;
  shares.load(in, 4);
  return in.finish().ok() && shares.dropped() == dropped;
}

TEST(StreamShares, RefusesCountsThatCannotBe) {
  const Stored good{kWeb, 10, 3, 10};
  EXPECT_TRUE(loads({good}, {good}, 17));
  EXPECT_TRUE(loads({{kWeb, std::uint64_t{1} << 50, 0, 0}}, {}));
  EXPECT_FALSE(loads({{kWeb, (std::uint64_t{1} << 50) + 1, 0, 0}}, {}));
  EXPECT_FALSE(loads({{0, 10, 0, 0}}, {})) << "no stream";
  EXPECT_FALSE(loads({{kWeb, 0, 0, 0}}, {})) << "no lines";
  EXPECT_FALSE(loads({good, good}, {})) << "twice";
  EXPECT_FALSE(loads({good}, {{kDb, 0, 3, 1}})) << "an unknown stream";
  EXPECT_FALSE(loads({good}, {{kWeb, 0, 4, 1}})) << "an unknown template";
  EXPECT_FALSE(loads({good}, {{kWeb, 0, 3, 0}}));
  EXPECT_FALSE(loads({good}, {{kWeb, 0, 3, 11}})) << "more than the stream has";
  EXPECT_FALSE(loads({good}, {good, good}));
}

}  // namespace
}  // namespace logdetect
