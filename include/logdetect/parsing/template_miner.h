#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/core/event.h"
#include "logdetect/parsing/masker.h"
#include "logdetect/parsing/options.h"

namespace logdetect {

/// A mined template, as shown to people and kept in the model.
struct TemplateInfo {
  TemplateId id;
  std::string text;         ///< "Connection to <IP> timed out after <NUM>"; raw bytes
  std::uint64_t count = 0;  ///< training records
  std::uint16_t token_count = 0;
  std::uint16_t parameter_count = 0;
};

/// What a lookup gives.
struct TemplateMatch {
  TemplateId id;  ///< invalid if nothing matches
  std::uint16_t token_count = 0;
};

/// Mines templates from messages: an exact key (delimiter skeleton and literal words) in front of a Drain-style
/// fixed-depth tree; words stay literal until the evidence of several distinct values in one slot merges templates.
/// Deterministic: the same messages in the same order give the same templates and ids. Bounded by
/// MinerOptions::max_templates. learn() from one thread; match() is const and thread-safe while nobody learns.
/// Source: He et al., "Drain", ICWS 2017; the first key and the merging are ours (docs/how-it-works.md).
class TemplateMiner {
 public:
  explicit TemplateMiner(const MinerOptions& options);
  ~TemplateMiner();
  TemplateMiner(TemplateMiner&&) noexcept;
  TemplateMiner& operator=(TemplateMiner&&) noexcept;

  /// Learns from one masked message. The id may later be merged into another: see resolve().
  /// Cost: O(tokens) for a message whose key is known, else O(tokens x candidates), bounded.
  TemplateId learn(const MaskedMessage& message);
  /// The present id of a template that may have been merged away since.
  [[nodiscard]] TemplateId resolve(TemplateId id) const;
  /// Finds the template of a message without learning; invalid id if none fits.
  [[nodiscard]] TemplateMatch match(const MaskedMessage& message) const;
  /// The template most like this message (by share of equal words), for explanations; invalid id if none has a word in
  /// common. Slow: O(templates of this length), for the few new ones only.
  [[nodiscard]] TemplateId nearest(const MaskedMessage& message) const;
  /// Appends the values that the template leaves open in this message, in order.
  void parameters(TemplateId id, const MaskedMessage& message, std::vector<Parameter>& out) const;

  /// Number of ids handed out, merged ones included: valid ids are below it.
  [[nodiscard]] std::size_t id_limit() const;
  /// Number of live templates.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::uint64_t evicted() const;
  [[nodiscard]] TemplateInfo info(TemplateId id) const;
  /// Live templates by id.
  [[nodiscard]] std::vector<TemplateInfo> list() const;

  /// Renumbers live templates 0..size()-1 by id and drops what only learning needs. Every message learnt so far still
  /// matches. Returns the map old id -> new id.
  std::vector<TemplateId> compact();

  void save(ByteWriter& out) const;
  /// Errors: kModel.
  static Result<TemplateMiner> load(ByteReader& in, const MinerOptions& options);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace logdetect
