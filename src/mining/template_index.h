#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "logdetect/bundle/bytes.h"
#include "logdetect/mining/masker.h"
#include "mining/flat_map.h"
#include "mining/template.h"
#include "mining/template_key.h"

namespace logdetect {

/// Finds the template of a message by its exact key, in a few probes whatever the number of templates. Templates that
/// opened a word are found by opening the same places of the message: each skeleton lists the sets of places its
/// templates opened, fewest first. const calls are thread-safe.
class TemplateIndex {
 public:
  /// Adds a template under its present key.
  void add(std::uint32_t id, const Template& added);
  /// Lets `key` lead to `id` too (the collapsed form of a list).
  void alias(std::uint64_t route, std::uint32_t id) { routes_.put(route, id); }
  void prefetch(std::uint64_t route) const { routes_.prefetch(route); }
  [[nodiscard]] std::uint32_t at(std::uint64_t route) const { return routes_.find(route); }

  /// The id stored for the message, possibly of a template merged since; FlatMap::kNone if there is none.
  [[nodiscard]] std::uint32_t find(std::span<const Token> tokens, const TemplateKey& key) const;

  /// True if this skeleton has many sets of opened places already: each is a probe for a message that matches nothing.
  [[nodiscard]] bool crowded(std::uint64_t skeleton) const;
  /// Keys held, stale ones included.
  [[nodiscard]] std::size_t routes() const { return routes_.size(); }
  /// Sets of opened places held.
  [[nodiscard]] std::size_t place_sets() const { return place_sets_; }
  void clear();
  /// Ids change: `now` gives the new one by the old, FlatMap::kNone for those to be forgotten.
  void remap(std::span<const std::uint32_t> now);
  /// Keys and sets of places in a fixed order, so that equal indexes give equal bytes.
  void save(ByteWriter& out) const;
  /// Replaces what is held. Ids of `templates` and more fail `in`.
  void load(ByteReader& in, std::size_t templates);

 private:
  using Places = std::vector<std::uint16_t>;
  FlatMap routes_;                           // exact key -> template
  FlatMap skeletons_;                        // skeleton -> index into opened_
  std::vector<std::vector<Places>> opened_;  // per skeleton: sets of opened places, fewest first
  std::size_t place_sets_ = 0;
};

}  // namespace logdetect
