#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "logdetect/core/ids.h"

namespace logdetect {

/// The last templates of every stream. Streams are kept in 65,536 places, by the low bits of their id: of two streams
/// in one place the newer one stays, which for consecutive ids means that the oldest is dropped. Events without a
/// stream form one of their own. The events themselves lie in one ring, chained per stream.
/// Cost: O(1) per event. Not thread-safe.
class StreamHistory {
 public:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};

  /// Templates of the last two events of a stream; kNone where there was none.
  struct Context {
    std::uint32_t last = kNone;
    std::uint32_t before_last = kNone;
  };

  /// Forgets every stream. O(1).
  void restart();
  /// Announces a batch: its events get the positions 0, 1, ... of previous(). Reserves room for `events`.
  void begin_batch(std::size_t events);
  /// The context of the next event of stream `id`; then appends the event. `template_id` is kNone for an unknown one.
  Context push(StreamId id, std::uint32_t template_id);
  /// Up to `limit` templates before event `position` of the batch, in its stream, oldest first; those still known.
  [[nodiscard]] std::vector<TemplateId> previous(std::size_t position, std::size_t limit) const;

 private:
  struct Stream {
    std::uint64_t last_event = 0;  ///< number of its last event; 0: none
    std::uint32_t id = kNone;
    std::uint32_t epoch = 0;
    Context context;
  };
  struct Link {
    std::uint64_t before = 0;  ///< number of the event before in the stream; 0: none
    std::uint32_t template_id = kNone;
  };
  [[nodiscard]] Stream& stream_of(StreamId id);
  [[nodiscard]] bool kept(std::uint64_t event) const;

  std::vector<Stream> streams_;
  Stream without_;            ///< events without a stream
  std::vector<Link> ring_;    ///< by event number, size a power of two
  std::uint64_t events_ = 0;  ///< number of the last event; counted from 1
  std::uint64_t batch_ = 0;   ///< events before the batch
  std::uint32_t epoch_ = 0;
};

}  // namespace logdetect
