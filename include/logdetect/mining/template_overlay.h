#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "logdetect/mining/masker.h"
#include "logdetect/mining/template_miner.h"

namespace logdetect {

/// The templates of a model and, behind them in one id space, those that only the present run met. Ids below known()
/// are the model's. The model's templates never change; new ones are mined as they come and may merge or be evicted.
/// The known miner must outlive it. learn() from one thread; const calls are thread-safe while nobody learns.
class TemplateOverlay {
 public:
  /// New templates a run keeps by default: beyond them the log is hostile or not the model's, and the rarest go.
  static constexpr std::size_t kMostNew = 50'000;

  /// `known` is compacted. `options` are those it was mined with; at most `most_new` new templates are kept.
  TemplateOverlay(const TemplateMiner& known, MinerOptions options, std::size_t most_new = kMostNew);

  /// Mines a message that no known template fits. Returns an id that is_new(). Cost: see TemplateMiner::learn().
  TemplateId learn(const MaskedMessage& message);
  /// Appends the values of a new template in its message; `id` comes from learn().
  void parameters(TemplateId id, const MaskedMessage& message, std::vector<Parameter>& out) const;
  /// True if the words of a new template say that something went wrong; `id` comes from learn().
  [[nodiscard]] bool alarming(TemplateId id) const;
  /// Rises whenever a new template opens a place; `id` comes from learn().
  [[nodiscard]] std::uint32_t revision(TemplateId id) const;

  [[nodiscard]] bool is_new(TemplateId id) const { return id.valid() && id.value() >= known_bound_; }
  /// The present id of a template that was merged since; invalid if it was evicted. O(1), amortised.
  [[nodiscard]] TemplateId resolve(TemplateId id) const;
  /// Text of any template; empty for an invalid id and for one that was evicted.
  [[nodiscard]] std::string text(TemplateId id) const;
  /// Text of the known template nearest to a message; empty if none shares a word with it.
  [[nodiscard]] std::string nearest_text(const MaskedMessage& message) const;

  [[nodiscard]] std::size_t known() const { return known_.size(); }
  /// New templates in all, those evicted since included.
  [[nodiscard]] std::uint64_t met() const { return fresh_.size() + fresh_.evicted(); }
  [[nodiscard]] std::uint64_t evicted() const { return fresh_.evicted(); }

 private:
  [[nodiscard]] TemplateId inner(TemplateId id) const { return TemplateId(id.value() - known_bound_); }
  [[nodiscard]] TemplateId outer(TemplateId id) const { return TemplateId(id.value() + known_bound_); }

  const TemplateMiner& known_;
  std::uint32_t known_bound_;
  TemplateMiner fresh_;
};

}  // namespace logdetect
