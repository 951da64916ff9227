#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "logdetect/base/clock.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/core/ids.h"

namespace logdetect {

/// A template that one stream says at regular intervals: a heartbeat, an hourly job.
struct Rhythm {
  std::uint32_t template_id = 0;
  std::uint32_t stream = 0;
  std::uint32_t gaps = 0;  ///< learnt
  Micros usual = 0;        ///< geometric mean of the gaps
  Micros longest = 0;      ///< longest gap; of every thousand one, at most four, is left out as an outage
  Micros scale = 0;        ///< by so much longer than the longest a gap loses one nat of probability
};

/// Learns which templates beat, per stream, and says how improbable their silence is.
///
/// A template beats when its gaps differ little (a standard deviation of at most 0.35 of their logarithm), 20 of them
/// and more were seen, and it still beat when training ended. Up to the longest gap seen a silence is no news. Beyond
/// it the probability is that of a new record among n + 1 exchangeable gaps, falling exponentially by the gaps' own
/// spread, but by no less than a third of the usual gap. Looks are paid for: of the nats those of all gaps a day of all
/// rhythms are taken off, so that the threshold ln 1000 means one false alarm in a thousand days.
///
/// While learning at most 65,536 pairs of template and stream are followed, 88 bytes each; when they are used up those
/// that do not beat are dropped, and where that frees too little no further pairs are taken. O(1) per event, amortised.
/// Const calls are thread-safe.
class RhythmTable {
 public:
  static constexpr std::size_t kMaxPairs = 65'536;
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  /// Learns one event at `now`, which never goes back by more than the log is out of order.
  void learn(std::uint32_t template_id, std::uint32_t stream, Micros now);
  /// The present jumped: the next event of every pair begins anew.
  void restart() { ++epoch_; }
  /// Keeps what beats, at the end of training.
  void finish(Micros end);

  /// After finish() or load(): the rhythms, by template and stream.
  [[nodiscard]] const std::vector<Rhythm>& rhythms() const { return rhythms_; }
  /// Index into rhythms(), or kNone. O(log rhythms), for templates without any O(1).
  [[nodiscard]] std::uint32_t find(std::uint32_t template_id, std::uint32_t stream) const;
  /// Nats of a silence of this length; 0 up to the longest gap.
  [[nodiscard]] double nats(const Rhythm& rhythm, Micros silence) const;
  /// The shortest silence that has so many nats.
  [[nodiscard]] Micros patience(const Rhythm& rhythm, double nats) const;

  void save(ByteWriter& out) const;
  /// Template ids must be below `templates`.
  void load(ByteReader& in, std::size_t templates);

 private:
  static constexpr std::size_t kLongestKept = 5;  // one, and four outages that are taken for what they are
  struct Pair {
    Micros last = 0;
    std::uint32_t epoch = 0;
    std::uint32_t gaps = 0;
    Micros span = 0;                             // sum of the gaps
    double mean = 0;                             // of ln(gap)
    double squares = 0;                          // of its deviations
    std::array<Micros, kLongestKept> longest{};  // falling
  };
  [[nodiscard]] static bool beats(const Pair& pair);
  [[nodiscard]] static Rhythm rhythm_of(std::uint64_t key, const Pair& pair);
  void sweep();
  void index();

  std::unordered_map<std::uint64_t, Pair> pairs_;
  bool full_ = false;
  std::uint32_t epoch_ = 0;
  std::vector<Rhythm> rhythms_;
  std::vector<bool> beating_;  // by template
  double looks_ = 0;           // nats
};

}  // namespace logdetect
