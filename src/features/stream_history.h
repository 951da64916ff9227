#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "logdetect/core/ids.h"

namespace logdetect {

/// The last templates of every sequence (a session or a stream; see sequence_key.h). Sequences are kept in 65,536
/// places, by the low bits of their key: of two in one place the newer one stays. The events themselves lie in one
/// ring, chained per sequence. Cost: O(1) per event. Not thread-safe.
class StreamHistory {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  /// Templates of the last two events of a sequence; kNone where there was none.
  struct Context {
    std::uint32_t last = kNone;
    std::uint32_t before_last = kNone;
  };

  /// Forgets every sequence. O(1).
  void restart();
  /// Announces a batch: its events get the positions 0, 1, ... of previous(). Reserves room for `events`.
  void begin_batch(std::size_t events);
  /// The context of the next event of sequence `key`; then appends the event. `template_id` is kNone for an unknown
  /// one.
  Context push(std::uint64_t key, std::uint32_t template_id);
  /// Up to `limit` templates before event `position` of the batch, in its sequence, oldest first; those still known.
  [[nodiscard]] std::vector<TemplateId> previous(std::size_t position, std::size_t limit) const;

 private:
  struct Sequence {
    std::uint64_t last_event = 0;  ///< number of its last event; 0: none
    std::uint64_t key = 0;
    std::uint32_t epoch = 0;
    Context context;
  };
  struct Link {
    std::uint64_t before = 0;  ///< number of the event before in the sequence; 0: none
    std::uint32_t template_id = kNone;
  };
  [[nodiscard]] Sequence& sequence_of(std::uint64_t key);
  [[nodiscard]] bool kept(std::uint64_t event) const;

  std::vector<Sequence> sequences_;
  std::vector<Link> ring_;    ///< by event number, size a power of two
  std::uint64_t events_ = 0;  ///< number of the last event; counted from 1
  std::uint64_t batch_ = 0;   ///< events before the batch
  std::uint32_t epoch_ = 0;
};

}  // namespace logdetect
