#include "judging/burst_watch.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>

namespace logdetect {
namespace {

constexpr std::size_t kMostOpen = 64;  // bursts at a time: more of them are one storm
constexpr double kRisingNats = 2;      // below it a rate is usual
constexpr double kRecordFactor = 1.5;  // times the most of training, and
constexpr double kRecordMore = 2;      // so many more
constexpr double kStillHigh = 0.5;     // of the nats needed

// The columns of counts hold ln(1 + count).
std::uint32_t count_of(float logarithm) {
  return static_cast<std::uint32_t>(std::lround(std::expm1(static_cast<double>(logarithm))));
}

}  // namespace

BurstWatch::BurstWatch(const Baseline& baseline, const FeatureSchema& schema, double needed)
    : baseline_(baseline), any_(schema.find("burst_surprise")), needed_(needed), looks_(baseline.looks()) {
  constexpr std::string_view kPrefix = "burst_";
  for (std::size_t column = 0; column < schema.size(); ++column) {
    const std::string& name = schema.columns[column].name;
    if (!name.starts_with(kPrefix) || static_cast<int>(column) == any_) {
      continue;
    }
    // "60s": the same ending names the column of the counts.
    const std::string window = name.substr(kPrefix.size());
    const int count = schema.find("template_count_" + window);
    if (count >= 0) {
      windows_.push_back({std::atoll(window.c_str()), column, static_cast<std::size_t>(count)});
    }
  }
}

void BurstWatch::see(const ScoredBatch& batch, std::size_t i, Sightings& out) {
  if (batch.judged[i] == 0) {
    return;
  }
  const Event& event = batch.event(i);
  advance(event.time, out);
  if (any_ >= 0 && !event.is_new && event.has_time) {
    follow(event, batch.rows.row(i), i, out);
  }
}

void BurstWatch::follow(const Event& event, std::span<const float> row, std::size_t i, Sightings& out) {
  const auto nats = static_cast<double>(row[static_cast<std::size_t>(any_)]);
  const std::size_t id = event.template_id.value();
  if (id >= state_.rising.size()) {
    state_.rising.resize(id + 1, 0);
    state_.told.resize(id + 1, 0);
  }
  // The shortest window falls first: what is usual in it is not rising.
  const bool rises = !windows_.empty() && static_cast<double>(row[windows_.front().burst]) >= kRisingNats;
  if (!rises) {
    state_.rising[id] = 0;
  } else if (state_.rising[id] == 0) {
    state_.rising[id] = event.time;
  }
  if (state_.open.empty() && nats < looks_ + needed_) {
    return;
  }
  const auto known = std::find_if(state_.open.begin(), state_.open.end(),
                                  [&](const Open& open) { return open.id == event.template_id; });
  if (known != state_.open.end()) {
    go_on(*known, event.time, look(event.template_id, row));
  } else if (nats >= looks_ + needed_) {
    begin(event, look(event.template_id, row), rises, i, out);
  }
}

void BurstWatch::begin(const Event& event, const Look& look, bool rises, std::size_t i, Sightings& out) {
  // Improbable is not enough: what training held as often is no burst.
  if (!look.record || state_.open.size() >= kMostOpen) {
    return;
  }
  const std::size_t id = event.template_id.value();
  const std::int64_t seconds = windows_[look.window].seconds;
  const Micros start = rises ? state_.rising[id] : event.time - seconds * kMicrosPerSecond;
  if (start <= state_.told[id] && event.time >= state_.told[id]) {
    return;  // a longer window still holds the burst before
  }
  Open& open = state_.open.emplace_back();
  open.id = event.template_id;
  open.key = bout_key(BoutKind::kBurst, state_.begun++);
  open.nats = look.nats;
  open.burst = {look.window, seconds, start, event.time, event.time, look.count, look.count};
  tell(open, Sighting::Change::kBegan, i, out);
}

BurstWatch::Look BurstWatch::look(TemplateId id, std::span<const float> row) const {
  Look best;
  for (std::size_t w = 0; w < windows_.size(); ++w) {
    const double nats = static_cast<double>(row[windows_[w].burst]) - looks_;
    if (nats <= best.nats) {
      continue;
    }
    const std::uint32_t count = count_of(row[windows_[w].count]);
    const double most = baseline_.most_in_window(id, w);
    best = {nats, w, count, count >= std::max(kRecordFactor * most, most + kRecordMore)};
  }
  return best;
}

void BurstWatch::go_on(Open& open, Micros time, const Look& look) const {
  BurstSighting& burst = open.burst;
  ++burst.lines;
  if (look.nats >= kStillHigh * needed_) {
    burst.last_high = std::max(burst.last_high, time);
  }
  // The bound of the column makes many nats equal: then the shorter window, and in it the larger count, tells more.
  const bool stronger = look.nats > open.nats || (look.nats == open.nats && look.window < burst.window);
  if (look.record && (stronger || (look.window == burst.window && look.count > burst.most))) {
    open.nats = std::max(open.nats, look.nats);
    burst.window = look.window;
    burst.window_seconds = windows_[look.window].seconds;
    burst.most = look.count;
    burst.peak = time;
  }
}

void BurstWatch::advance(Micros now, Sightings& out) {
  const auto is_over = [now](const Open& open) {
    return now - open.burst.last_high > open.burst.window_seconds * kMicrosPerSecond;
  };
  for (const Open& open : state_.open) {
    if (is_over(open)) {
      state_.told[open.id.value()] = open.burst.last_high;
      tell(open, Sighting::Change::kEnded, Sighting::kNoRow, out);
    }
  }
  std::erase_if(state_.open, is_over);
}

void BurstWatch::finish(Sightings& out) {
  for (const Open& open : state_.open) {
    tell(open, Sighting::Change::kEnded, Sighting::kNoRow, out);
  }
  state_.open.clear();
}

void BurstWatch::tell(const Open& open, Sighting::Change change, std::size_t row, Sightings& out) {
  out.push_back({change, row, open.burst.start, open.nats, open.id, open.key, open.burst});
}

}  // namespace logdetect
