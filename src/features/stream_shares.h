#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "logdetect/bundle/bytes.h"

namespace logdetect {

/// How often each stream (host, component or file) had each template, and what that says of a template on a stream
/// that is not said by its share overall.
///
/// A template's share on a stream is smoothed towards its share overall: p = (n + k g) / (N + k), n of the stream's N
/// lines being the template's, g the share overall, k = 200 lines. One that the stream never had is as surprising as
/// the template is settled: (streams that had it once + 1/2) / (lines of it + 1) is the chance that its next line comes
/// from a stream new to it, so what came 312 times from three streams surprises on a fourth, and what comes from
/// another one each time does not. How much the stream is known bounds that by ln((N + k) / k).
///
/// Memory: at most kMaxPairs pairs, about 48 bytes each; further ones are counted and not learnt, and of their streams
/// nothing is said to be new. O(1) per line. Const calls are thread-safe.
/// Source: MacKay and Peto, "A hierarchical Dirichlet language model", 1995; Good, Biometrika 40 (1953).
class StreamShares {
 public:
  static constexpr std::size_t kMaxPairs = std::size_t{1} << 19;
  static constexpr std::size_t kMaxStreams = std::size_t{1} << 16;

  /// What is known of a template on a stream.
  struct Facts {
    std::uint64_t lines = 0;    ///< of the stream; 0: a stream never seen
    std::uint64_t here = 0;     ///< of the template on it
    std::uint64_t streams = 0;  ///< that had the template
  };

  /// One line. `stream` 0 is none.
  void learn(std::uint64_t stream, std::size_t id);
  [[nodiscard]] Facts facts(std::uint64_t stream, std::size_t id) const;
  /// Nats by which the template is rarer on this stream than overall, 0 to kMaxStreamNats. `count`: its lines on all
  /// streams; 0: nothing is said. `share`: of all lines.
  [[nodiscard]] double surprise(std::uint64_t stream, std::size_t id, std::uint64_t count, double share) const;
  /// The share that counts for its rarity: that on the stream where it is higher, after ten lines of it there that
  /// prove nothing (an anomaly hidden in training must not make itself normal).
  [[nodiscard]] double share(std::uint64_t stream, std::size_t id, double share) const;

  [[nodiscard]] std::size_t streams() const { return streams_.size(); }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }  ///< lines of pairs beyond the bound

  void save(ByteWriter& out) const;
  /// Marks the reader as failed for counts out of range and templates from `templates` on.
  void load(ByteReader& in, std::size_t templates);

 private:
  struct Stream {
    std::uint64_t lines = 0;
    bool whole = true;  ///< none of its pairs were dropped
  };
  struct Spread {
    std::uint32_t streams = 0;
    std::uint32_t once = 0;
  };
  struct Pair {
    std::uint64_t stream = 0;
    std::uint32_t id = 0;
    bool operator==(const Pair&) const = default;
  };
  struct PairHash {
    std::size_t operator()(const Pair& pair) const;
  };
  void count(Spread& spread, std::uint64_t before, std::uint64_t after);

  std::unordered_map<std::uint64_t, Stream> streams_;
  std::unordered_map<Pair, std::uint64_t, PairHash> pairs_;
  std::vector<Spread> spreads_;  ///< by template
  std::uint64_t dropped_ = 0;
};

}  // namespace logdetect
