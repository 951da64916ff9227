#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "logdetect/core/event.h"
#include "logdetect/core/features.h"
#include "logdetect/core/windows.h"

namespace logdetect {

/// Cuts the events of each sequence into windows. An event belongs to the sequence of its session if it has one, else
/// to that of its stream. A window is made every `stride` events of a sequence, and at the end of a batch for every
/// sequence with events that no window scored: each event is scored in its own batch, and nothing waits.
///
/// Numbers per event: the columns of kColumns (0 where the schema lacks one), then ln(1 + seconds since the event
/// before it in the sequence). Memory: at most 16,384 sequences (the least recently used is forgotten) of 28 L + 64
/// bytes: 10 MB at L = 20. Cost: O(1) per event, O(L) per window. Deterministic for the same batches. Not thread-safe:
/// one ordered stage.
class SequenceWindows {
 public:
  static constexpr std::array<std::string_view, WindowBatch::kNumbers - 1> kColumns = {
      "template_rarity", "level_surprise", "length_surprise", "parameter_surprise", "burst_surprise"};
  static constexpr std::size_t kMaxSequences = 16'384;
  static constexpr std::size_t kMaxEvents = 524'288;

  SequenceWindows(const FeatureSchema& schema, const WindowOptions& options, std::size_t max_sequences = kMaxSequences);

  /// Replaces `out` by the windows of one batch. `rows` holds the features of `events`.
  void cut(std::span<const Event> events, const FeatureMatrix& rows, WindowBatch& out);
  [[nodiscard]] std::size_t sequences() const { return index_.size(); }

 private:
  static constexpr std::uint32_t kNoSlot = ~std::uint32_t{0};

  /// One open sequence; its events lie in a ring.
  struct Sequence {
    std::uint64_t key = 0;
    Micros last_time = 0;
    std::uint64_t count = 0;     ///< events so far
    std::uint32_t unscored = 0;  ///< of the present batch; their indices are chained in waiting_
    std::uint32_t waiting = 0;   ///< last of them
    std::uint32_t newer = kNoSlot;
    std::uint32_t older = kNoSlot;
  };
  std::uint32_t slot_of(std::uint64_t key, WindowBatch& out);
  void unlink(std::uint32_t slot);
  void link_newest(std::uint32_t slot);
  void append(Sequence& sequence, std::uint32_t slot, const Event& event, std::span<const float> row);
  void emit(std::uint32_t slot, WindowBatch& out);

  std::array<int, kColumns.size()> columns_{};
  WindowOptions options_;
  std::size_t max_sequences_;
  std::unordered_map<std::uint64_t, std::uint32_t> index_;  ///< key -> slot
  std::vector<Sequence> sequences_;
  std::vector<std::uint32_t> templates_;  ///< [slots x L], ring
  std::vector<float> values_;             ///< [slots x L x F], ring
  std::uint32_t newest_ = kNoSlot;
  std::uint32_t oldest_ = kNoSlot;
  std::vector<std::uint32_t> waiting_;  ///< [events of the batch]: index of the event before it that waits
  std::vector<std::uint32_t> touched_;  ///< sequences with unscored events, in order of their first
};

}  // namespace logdetect
