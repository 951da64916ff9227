#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "logdetect/ingest/source_entry.h"

namespace logdetect {

/// The sources of a run behind the interface of one. Ids of inputs go through all of them; counters are sums. Not
/// thread-safe.
class JoinedSource final : public RecordSource {
 public:
  /// How sources that are read in one run share its calls.
  enum class Order : std::uint8_t {
    kOneAfterTheOther,  ///< for inputs that end; one of which nothing can be read is left for the next
    kInTurns,           ///< for live inputs: each is waited for a share of the time
  };

  explicit JoinedSource(Order order) : order_(order) {}
  /// `inputs`: how many inputs it has.
  void add(std::unique_ptr<RecordSource> source, std::string scheme, std::size_t inputs);

  Result<bool> next(RecordBatch& batch, Micros wait) override;
  void finish() override;
  [[nodiscard]] std::string cursor() const override;
  Result<void> commit(const std::string& cursor) override;
  [[nodiscard]] IngestCounters counters() const override;
  [[nodiscard]] const std::string& source_name(SourceId id) const override;
  [[nodiscard]] Micros source_mtime(SourceId id) const override;
  /// 0 when one of them does not know.
  [[nodiscard]] std::uint64_t total_bytes() const override;
  [[nodiscard]] std::uint64_t consumed_bytes() const override;

 private:
  struct Member {
    std::unique_ptr<RecordSource> source;
    std::string scheme;
    std::size_t first_id = 0;
    bool ended = false;
    bool delivered = false;  // at least one record
  };

  Result<bool> next_in_order(RecordBatch& batch, Micros wait);
  Result<bool> next_in_turn(RecordBatch& batch, Micros wait);
  static void deliver(Member& member, RecordBatch& batch);
  [[nodiscard]] const Member& member_of(SourceId id) const;

  const Order order_;
  std::vector<Member> members_;
  std::size_t inputs_ = 0;
  std::size_t at_ = 0;            // the member to be asked next
  bool usable_ = false;           // something could be read
  std::optional<Error> failure_;  // why nothing could be
};

}  // namespace logdetect
