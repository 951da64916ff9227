#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/core/event.h"
#include "logdetect/mining/masker.h"
#include "logdetect/parsing/options.h"

namespace logdetect {

/// A mined template, as shown to people and kept in the model.
struct TemplateInfo {
  TemplateId id;
  std::string text;         ///< "Connection to <IP> timed out after <NUM>"; raw bytes
  std::uint64_t count = 0;  ///< records learnt from
  std::size_t token_count = 0;
  std::size_t parameter_count = 0;
};

/// What a miner holds, in numbers of things: all stay below a bound that follows from MinerOptions::max_templates.
struct MinerFootprint {
  std::size_t slots = 0;       ///< templates, merged ones not yet forgotten included
  std::size_t routes = 0;      ///< exact keys, stale ones included
  std::size_t place_sets = 0;  ///< sets of opened places
  std::size_t nodes = 0;       ///< of the tree, leaves included
  std::size_t groups = 0;      ///< of templates that differ in one place
  std::size_t aliases = 0;     ///< ids of merged templates remembered
};

/// Mines templates from messages: an exact key (delimiter skeleton and literal words) over a Drain-style fixed-depth
/// tree. Words stay literal until the evidence of several distinct values in one slot merges templates; where a leaf of
/// the tree grows crowded, Drain's similarity rule merges. Deterministic: the same messages in the same order give the
/// same templates and ids. Bounded by MinerOptions::max_templates: beyond it the rarest, oldest fifth is evicted. The
/// id of an evicted template is not given to another. learn() from one thread; const calls are thread-safe while nobody
/// learns. Source: He et al., "Drain", ICWS 2017; the exact key and the merging on evidence are ours
/// (docs/how-it-works.md).
class TemplateMiner {
 public:
  explicit TemplateMiner(const MinerOptions& options);
  ~TemplateMiner();
  TemplateMiner(TemplateMiner&&) noexcept;
  TemplateMiner& operator=(TemplateMiner&&) noexcept;

  /// Learns from one masked message. The id may later be merged into another: see resolve().
  /// Cost: O(tokens) when the key is known; for a new key O(tokens + leaf), a leaf being bounded.
  TemplateId learn(const MaskedMessage& message);
  /// The present id of a template that may have been merged since; invalid if it was evicted. Amortised O(1).
  [[nodiscard]] TemplateId resolve(TemplateId id) const;
  /// Finds the template of a message without learning; invalid if none fits. O(tokens).
  [[nodiscard]] TemplateId match(const MaskedMessage& message) const;
  /// The template that shares most words with the message, for explanations; invalid if none shares any.
  /// O(templates with a common word): for the few new messages only.
  [[nodiscard]] TemplateId nearest(const MaskedMessage& message) const;
  /// The template of this miner that template `id` of another one is, or is a case of; invalid if there is none.
  /// O(tokens).
  [[nodiscard]] TemplateId counterpart(const TemplateMiner& other, TemplateId id) const;
  /// Appends the values that the template leaves open in this message, in order, at most 64, then message.extras.
  void parameters(TemplateId id, const MaskedMessage& message, std::vector<Parameter>& out) const;

  /// Asks memory for what learn() and match() of a message will look at first, and, a little later, for the template
  /// that its exact key leads to. See MaskAhead.
  void prefetch_key(const MaskedMessage& message) const;
  void prefetch_template(const MaskedMessage& message) const;
  /// Asks memory for what the calls below need of a template, a few calls ahead of them. Any id will do.
  void prefetch(TemplateId id) const;

  /// True if the words of the template say that something went wrong ("failed", "refused", "not found").
  [[nodiscard]] bool alarming(TemplateId id) const;
  /// Rises whenever the template of this (resolved) id opens a place: parameters cut before may be short of one.
  [[nodiscard]] std::uint32_t revision(TemplateId id) const;

  /// Live templates.
  [[nodiscard]] std::size_t size() const;
  /// After compact() or load(): every id is below it. Larger than size() where templates of an earlier compact() were
  /// merged or evicted since.
  [[nodiscard]] std::size_t id_bound() const;
  /// Templates evicted so far, and the records learnt from that they stood for when they went.
  [[nodiscard]] std::uint64_t evicted() const;
  [[nodiscard]] std::uint64_t evicted_records() const;
  [[nodiscard]] TemplateInfo info(TemplateId id) const;
  /// Records learnt from by each live template, in no order.
  [[nodiscard]] std::vector<std::uint64_t> counts() const;
  /// Live templates by id.
  [[nodiscard]] std::vector<TemplateInfo> list() const;

  /// Renumbers the live templates from `known` on, in order of first sight; ids below `known`, which an earlier
  /// compact() or load() gave, stay: one merged since leads to what it was merged into, one evicted to nothing. Every
  /// message learnt so far and not evicted still matches. Other ids given out before are void.
  void compact(std::size_t known = 0);

  /// A compacted miner for every message that `a` or `b` learnt and did not evict: templates that are equal, or cases
  /// of one, become one, and evidence of distinct values counts together. The result is the same for either order, ids
  /// included: the most frequent template is 0. `options` as those of the two. O(n log n).
  static TemplateMiner merge(const TemplateMiner& a, const TemplateMiner& b, const MinerOptions& options);

  [[nodiscard]] MinerFootprint footprint() const;

  /// Templates, compacted, and where merged ones led. Errors of load: kModel.
  void save(ByteWriter& out) const;
  static Result<TemplateMiner> load(ByteReader& in, const MinerOptions& options);

 private:
  void template_parameters(TemplateId id, const MaskedMessage& message, std::vector<Parameter>& out) const;

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace logdetect
