#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/core/event.h"
#include "logdetect/core/ids.h"
#include "logdetect/core/session.h"
#include "logdetect/features/event_clock.h"

namespace logdetect {

/// The present of sessions, and when what is read began, both in event time: one line from the year 2099, or one
/// without a time of its own in front, moves neither (EventClock). Where no record has a time the records count.
class SessionClock {
 public:
  /// To be called for every event, in order.
  void see(const Event& event) {
    if (!event.has_time && clock_.running()) {
      return;
    }
    const bool first = now_ == kNone || (event.has_time && !clock_.running());
    now_ = event.has_time ? clock_.observe(event.time, true).now : std::max(now_, event.time);
    begin_ = first ? now_ : std::min(begin_, now_);
  }
  /// 0 before the first event.
  [[nodiscard]] Micros now() const { return now_ == kNone ? 0 : now_; }
  /// From the beginning to `time`, at least 0.
  [[nodiscard]] Micros lead(Micros time) const { return std::max<Micros>(time - std::min(begin_, time), 0); }

 private:
  static constexpr Micros kNone = std::numeric_limits<Micros>::min();
  EventClock clock_{30 * kMicrosPerSecond};  // hosts' clocks and writers' buffers mix lines so far
  Micros now_ = kNone;
  Micros begin_ = std::numeric_limits<Micros>::max();
};

/// What training learnt of sessions: which templates they hold and how often, which follows which and after how long,
/// how long they pause, and where they end. Counts are of sessions; sessions that the end of training cut off teach
/// nothing about ends. While learning: learn() for each event, close() for each session that is over; then finish().
/// Const calls are thread-safe.
class SessionStatistics {
 public:
  SessionStatistics();
  ~SessionStatistics();
  SessionStatistics(SessionStatistics&&) noexcept;
  SessionStatistics& operator=(SessionStatistics&&) noexcept;

  /// Adds an event to its session and learns from it. O(templates of the session).
  void learn(const Event& event, SessionState& state);
  /// The session ended: its counts are final.
  void close(const SessionState& state);
  /// True when `state`, silent since then, would hardly go on: at training's end it counts as over.
  [[nodiscard]] bool is_over(const SessionState& state, Micros now) const;
  /// True when `state` hardly began before what was read did: then its counts are whole.
  [[nodiscard]] bool began_here(const SessionState& state) const;
  void finish();
  /// Template `from` was merged into `into`: from now on `into` has its events and the counts of whichever of the two
  /// more sessions held. Call finish() afterwards.
  void fold(TemplateId from, TemplateId into);

  /// Adds an event to its session, without learning.
  void follow(const Event& event, SessionState& state) const;

  [[nodiscard]] std::uint64_t sessions() const;  ///< learnt
  [[nodiscard]] std::uint64_t holding(std::uint32_t id) const;
  /// -ln of the smoothed share of sessions that hold this template (GoodTuringCounts). `learnt`: the session that asks
  /// is one of them, and must not vouch for itself.
  [[nodiscard]] double rarity(std::uint32_t id, bool learnt = false) const;
  /// What an alarming template of this rarity adds to it, nats.
  [[nodiscard]] double alarm_nats(Alarm alarm, double rarity) const;
  /// -ln of the share of the sessions with this template that hold it at least `count` times; 0 below 20 sessions.
  [[nodiscard]] double too_often(std::uint32_t id, std::uint32_t count) const;
  /// -ln of the share of ended sessions that hold it at most `count` times; for an expected template, of the ended
  /// sessions of the usual kind, which hold some expected template (told by those that ended before: one pass).
  [[nodiscard]] double too_rarely(std::uint32_t id, std::uint32_t count) const;
  /// Templates that most ended sessions hold, at most 64, most common first. A session that holds none of them is of
  /// another kind: a mere mention of an id, such as a refund of some order, lacks nothing.
  [[nodiscard]] const std::vector<std::uint32_t>& expected() const;
  /// -ln of the probability that a session ends after these two templates.
  [[nodiscard]] double ending(std::uint32_t before_last, std::uint32_t last) const;
  /// How many silences longer than this come after this template in a session, at most 1; small: it is over or stalled.
  [[nodiscard]] double pauses_longer(std::uint32_t last, Micros silence) const;
  /// The odds, at most 1, that a session whose first event seen is of this template and comes `lead` after the
  /// beginning of what was read had begun before: for each session that begins so, how often the template came after a
  /// pause as long.
  [[nodiscard]] double began_earlier(std::uint32_t first, Micros lead) const;
  /// The shortest silence after which pauses_longer(last) is below 0.0002: strange enough by itself. A second and more.
  [[nodiscard]] Micros patience(std::uint32_t last) const;
  /// At most as long: a silence after which a session is probably over (0.02), and of which even a thousand times as
  /// much would hardly tell more, because the few that go on do so after days.
  [[nodiscard]] Micros first_patience(std::uint32_t last) const;
  /// No silence of training was longer, to its bucket's end; 0 without any.
  [[nodiscard]] Micros longest_pause() const;
  /// Templates most probable after `last` (kNone: at the beginning), at most 3. SessionState::kNone stands for an end.
  [[nodiscard]] std::vector<std::uint32_t> likely_after(std::uint32_t last) const;
  /// What nearly every step from `after` to `next` takes: its 99th percentile; 0: unknown.
  [[nodiscard]] Micros usual_duration(std::uint32_t after, std::uint32_t next) const;
  /// The usual number of times: 1st and 99th percentile over the ended sessions that hold it.
  struct Range {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
  };
  [[nodiscard]] Range usual_count(std::uint32_t id) const;

  void save(ByteWriter& out) const;
  /// Ids must be below `templates`.
  void load(ByteReader& in, std::size_t templates);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace logdetect
