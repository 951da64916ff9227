#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "logdetect/mining/template_miner.h"
#include "mining/drain_tree.h"
#include "mining/group_forms.h"
#include "mining/slot_evidence.h"
#include "mining/template.h"
#include "mining/template_ids.h"
#include "mining/template_index.h"
#include "mining/word_index.h"

namespace logdetect {

/// How templates are learnt: which message makes a new one, which ones merge, and what is forgotten. Templates stand in
/// slots; the ids that others see are kept apart (TemplateIds). Not thread-safe while learning.
struct TemplateMiner::Impl {
  static constexpr std::size_t kMaxCompared = 256;  // templates of a crowded leaf that a message is compared with
  static constexpr std::size_t kAhead = 8;          // of them on their way from memory

  explicit Impl(const MinerOptions& given)
      : options(given), ids(given.max_templates), tree(given.depth, given.max_children) {}

  MinerOptions options;
  // By slot; merged ones stay as small husks until tidy(). Below, "id" is a slot; TemplateIds tells what others see.
  std::vector<Template> templates;
  std::vector<std::uint32_t> free_slots;
  TemplateIds ids;
  TemplateIndex index;
  DrainTree tree;
  SlotGroups groups;
  FormIndex forms;
  WordIndex words;  // for nearest(), made by compact() and load()
  std::size_t live = 0;
  bool has_husks = false;  // adopted templates hold ids that were merged or evicted before
  std::uint64_t evicted = 0;
  std::uint64_t evicted_records = 0;
  std::uint64_t learnt = 0;
  bool ready_to_learn = true;                                  // tree and groups hold every live template
  std::vector<Token> collapsed;                                // scratch
  std::vector<std::pair<std::uint16_t, std::uint32_t>> grown;  // scratch

  [[nodiscard]] std::uint32_t root(std::uint32_t id) const {
    while (id < templates.size() && templates[id].parent != FlatMap::kNone) {
      id = templates[id].parent;
    }
    return id < templates.size() && templates[id].live ? id : FlatMap::kNone;
  }

  // The id others see of a slot that may have been merged; invalid for kNone and for what is gone.
  [[nodiscard]] TemplateId shown(std::uint32_t slot) const {
    const std::uint32_t kept = root(slot);
    return kept == FlatMap::kNone ? TemplateId() : TemplateId(ids.id_of(kept));
  }

  [[nodiscard]] const Template& at(TemplateId id) const;

  std::uint32_t insert(Template added);

  // Enters a template into everything that finds it, then merges as long as there is evidence.
  void enter(std::uint32_t id);

  // Merges the live members of a group if the values seen suffice. The merged template, or kNone.
  std::uint32_t merge_group(std::uint32_t group, std::size_t place);

  // Folds template `id` into `target`, which has the same skeleton.
  void absorb(std::uint32_t target, std::uint32_t id);

  // Leaves of a merged template what its id needs.
  void retire(Template& from, std::uint32_t target);

  // After a merge: place `place` is open, the key is new.
  void rekey(std::uint32_t id, std::size_t place);

  // Of two messages with equal ones the second teaches the template nothing.
  static std::uint64_t signature_of(const Template& known, const TemplateKey& message);

  // A known template met another of its messages: what was literal for lack of evidence may have to open.
  void touch(std::uint32_t id, const MaskedMessage& message, const TemplateKey& key);

  // Whether a message cut like this takes the template, opened places of it included.
  static bool fits(const Template& known, std::span<const Token> tokens);

  // The template of messages that differ in the length of their lists; `collapsed` gets this one's collapsed form.
  std::uint32_t find_collapsed(const MaskedMessage& message, TemplateKey& key);

  // The template that holds one value where the message has a group of tokens ("LOCAL(0)" for an address); `folded`
  // gets the message's tokens in that form. O(groups * tokens), for messages that match nothing else.
  std::uint32_t find_folded(const MaskedMessage& message, std::vector<Token>& folded) const;

  // A template was made that holds one value where earlier ones have a group: they are forms of it.
  void absorb_forms(std::uint32_t target);

  void absorb_form(std::uint32_t target, std::uint32_t id, std::size_t place);

  // A message in another form of a known template; kNone if it is none.
  std::uint32_t join_form(const MaskedMessage& message, std::uint64_t route);

  // Drain's rule, where a leaf is crowded: the most similar template takes the message in. kNone: there is room.
  std::uint32_t join_crowd(const Template& candidate);

  std::uint32_t learn_new(const MaskedMessage& message, const TemplateKey& key);

  // Too many templates, or too much that only points at merged ones.
  [[nodiscard]] bool overgrown() const;

  // Forgets merged templates and stale keys, and the rarest templates where there are too many, but never `keep`.
  // O(n log n), once in n/5 new templates.
  void tidy(std::uint32_t keep);

  // Evicts the fifth that was seen least, oldest first: a rebuild follows, so that a storm of templates costs each five
  // times.
  void drop_rarest(std::uint32_t keep);

  // Takes in a template of another miner; afterwards every message of it finds one here.
  void add_foreign(Template added);

  /// By slot: where its template, or the one it was merged into, stands among those saved; kNone: nowhere.
  [[nodiscard]] std::vector<std::uint32_t> places_of_live() const;

  [[nodiscard]] std::vector<Template> live_templates() const;

  // These are all templates now, with ids in this order; ids given out before are void.
  void adopt(std::vector<Template> all);

  void rebuild_index();

  void rebuild_learning();
};

}  // namespace logdetect
