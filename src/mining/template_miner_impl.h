#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "logdetect/base/check.h"
#include "logdetect/mining/template_miner.h"
#include "mining/drain_tree.h"
#include "mining/group_forms.h"
#include "mining/slot_evidence.h"
#include "mining/template.h"
#include "mining/template_ids.h"
#include "mining/template_index.h"
#include "mining/template_merge.h"
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

  [[nodiscard]] const Template& at(TemplateId id) const {
    const std::uint32_t slot = root(ids.slot(id.value()));
    LD_CHECK(slot < templates.size(), "unknown template id");
    return templates[slot];
  }

  std::uint32_t insert(Template added) {
    std::uint32_t id = 0;
    if (free_slots.empty()) {
      id = static_cast<std::uint32_t>(templates.size());
      templates.push_back(std::move(added));
    } else {
      id = free_slots.back();
      free_slots.pop_back();
      templates[id] = std::move(added);
    }
    ids.give(id);
    ++live;
    return id;
  }

  // Enters a template into everything that finds it, then merges as long as there is evidence.
  void enter(std::uint32_t id) {
    index.add(id, templates[id]);
    tree.add(tree.leaf(templates[id]), id);
    std::deque<std::uint32_t> waiting = {id};
    while (!waiting.empty()) {
      const std::uint32_t next = waiting.front();
      waiting.pop_front();
      if (root(next) != next) {
        continue;
      }
      grown.clear();
      groups.add(next, templates[next], grown);
      for (const auto& [place, group] : grown) {
        if (root(next) != next) {
          break;
        }
        if (const std::uint32_t merged = merge_group(group, place); merged != FlatMap::kNone) {
          waiting.push_back(merged);
          break;  // its other places changed their keys with the merge
        }
      }
    }
  }

  // Merges the live members of a group if the values seen suffice. The merged template, or kNone.
  std::uint32_t merge_group(std::uint32_t group, std::size_t place) {
    std::vector<std::uint32_t>& members = groups.members(group);
    std::vector<std::uint32_t> present;
    std::uint64_t key = 0;
    for (std::size_t i = members.size(); i-- > 0;) {
      const std::uint32_t id = members[i];
      const Template& t = templates[id];
      if (!t.live || t.parent != FlatMap::kNone || place >= t.tokens.size()) {
        continue;
      }
      const std::uint64_t hole = hole_key(t, place);
      key = present.empty() ? hole : key;
      if (hole == key && std::find(present.begin(), present.end(), id) == present.end()) {
        present.push_back(id);
      }
    }
    members.assign(present.rbegin(), present.rend());
    if (present.size() < 2) {
      return FlatMap::kNone;
    }
    std::vector<const Template*> values;
    values.reserve(present.size());
    for (const std::uint32_t id : present) {
      values.push_back(&templates[id]);
    }
    const std::size_t need = values_needed(values, place);
    if (need == 0 || present.size() < need || index.crowded(templates[present[0]].key.skeleton) ||
        similarity(*values[0], *values[1]) < options.similarity) {
      return FlatMap::kNone;
    }
    const std::uint32_t target = *std::min_element(present.begin(), present.end(), [&](auto a, auto b) {
      return templates[a].count != templates[b].count ? templates[a].count > templates[b].count : a < b;
    });
    for (const std::uint32_t id : present) {
      if (id != target) {
        absorb(target, id);
      }
    }
    rekey(target, place);
    members.clear();
    return target;
  }

  // Folds template `id` into `target`, which has the same skeleton.
  void absorb(std::uint32_t target, std::uint32_t id) {
    Template& from = templates[id];
    fold(templates[target], from);
    retire(from, target);
  }

  // Leaves of a merged template what its id needs.
  void retire(Template& from, std::uint32_t target) {
    from = Template{};
    from.parent = target;
    from.live = false;
    --live;
  }

  // After a merge: place `place` is open, the key is new.
  void rekey(std::uint32_t id, std::size_t place) {
    Template& changed = templates[id];
    if (!changed.tokens[place].opened) {
      changed.open_place(place);
      changed.tokens[place].opened = true;
    }
    changed.refresh();
    changed.signature = 0;
    index.add(id, changed);
    tree.add(tree.leaf(changed), id);
  }

  // Of two messages with equal ones the second teaches the template nothing.
  static std::uint64_t signature_of(const Template& known, const TemplateKey& message) {
    return message.masks + (known.lazy_words == 0 ? 0 : message.lazy);
  }

  // A known template met another of its messages: what was literal for lack of evidence may have to open.
  void touch(std::uint32_t id, const MaskedMessage& message, const TemplateKey& key) {
    Template& known = templates[id];
    ++known.count;
    known.last_seen = learnt;
    if (known.variable || known.token_count != message.tokens.size() || known.signature == signature_of(known, key)) {
      return;
    }
    bool changed = false;
    for (std::size_t i = 0; i < known.tokens.size(); ++i) {
      const TemplateToken& token = known.tokens[i];
      if (token.kind == Token::Kind::kLazyWord || (token.kind == Token::Kind::kValue && !token.opened)) {
        const Token::Kind before = token.kind;
        const MaskKind mask_before = token.mask;
        generalise(known, i, message.tokens[i].kind, message.tokens[i].hash, message.tokens[i].mask);
        changed = changed || token.kind != before || token.mask != mask_before;
      }
    }
    if (changed) {
      known.refresh();  // the key stays: lazy words count as values in it
    }
    known.signature = signature_of(known, key);
  }

  // Whether a message cut like this takes the template, opened places of it included.
  static bool fits(const Template& known, std::span<const Token> tokens) {
    if (known.tokens.size() != tokens.size()) {
      return false;
    }
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const TemplateToken& token = known.tokens[i];
      const bool delimiter = tokens[i].kind == Token::Kind::kDelimiter;
      const bool fit = token.open() ? !delimiter && (token.opened || tokens[i].open())
                                    : !tokens[i].open() && token.hash == tokens[i].hash;
      if (!fit) {
        return false;
      }
    }
    return true;
  }

  // The template of messages that differ in the length of their lists; `collapsed` gets this one's collapsed form.
  std::uint32_t find_collapsed(const MaskedMessage& message, TemplateKey& key) {
    collapse_tokens(message.tokens, message.text, collapsed);
    if (collapsed.size() == message.tokens.size()) {
      return FlatMap::kNone;
    }
    key = make_key(collapsed);
    const std::uint32_t stored = index.find(collapsed, key);
    const std::uint32_t id = stored == FlatMap::kNone ? stored : root(stored);
    if (id == FlatMap::kNone || templates[id].variable) {
      return id;
    }
    Template shorter = templates[id];
    shorter.make_variable();
    if (!fits(shorter, collapsed)) {
      return FlatMap::kNone;  // a word in the list was opened: its messages would no longer collapse like this
    }
    templates[id] = std::move(shorter);
    index.add(id, templates[id]);
    return id;
  }

  // The template that holds one value where the message has a group of tokens ("LOCAL(0)" for an address); `folded`
  // gets the message's tokens in that form. O(groups * tokens), for messages that match nothing else.
  std::uint32_t find_folded(const MaskedMessage& message, std::vector<Token>& folded) const {
    std::vector<PlaceGroup> found;
    std::vector<Token> shorter;
    find_groups(message, found);
    for (const PlaceGroup& group : found) {
      fold_group(message.tokens, group, folded);
      std::uint32_t stored = index.find(folded, make_key(folded));
      if (stored == FlatMap::kNone) {
        collapse_tokens(folded, message.text, shorter);
        stored = shorter.size() < folded.size() ? index.find(shorter, make_key(shorter)) : FlatMap::kNone;
      }
      if (const std::uint32_t id = stored == FlatMap::kNone ? stored : root(stored); id != FlatMap::kNone) {
        return id;
      }
    }
    return FlatMap::kNone;
  }

  // A template was made that holds one value where earlier ones have a group: they are forms of it.
  void absorb_forms(std::uint32_t target) {
    for (const std::uint32_t id : forms.find(templates[target].key.route)) {
      if (root(id) != id || id == target || templates[id].variable || templates[id].many_forms) {
        continue;
      }
      std::vector<PlaceGroup> found;
      find_groups(templates[id], found);
      for (const PlaceGroup& group : found) {
        if (folded_key(templates[id], group).route == templates[target].key.route &&
            templates[target].tokens[group.begin].kind == Token::Kind::kValue) {
          absorb_form(target, id, group.begin);
          break;
        }
      }
    }
  }

  void absorb_form(std::uint32_t target, std::uint32_t id, std::size_t place) {
    Template& into = templates[target];
    Template& from = templates[id];
    into.tokens[place].mask = MaskKind::kNone;
    into.many_forms = true;
    into.count += from.count;
    into.last_seen = std::max(into.last_seen, from.last_seen);
    retire(from, target);
    into.refresh();
  }

  // A message in another form of a known template; kNone if it is none.
  std::uint32_t join_form(const MaskedMessage& message, std::uint64_t route) {
    const std::uint32_t id = find_folded(message, collapsed);
    if (id == FlatMap::kNone || templates[id].literal_count() < 2) {
      return FlatMap::kNone;
    }
    Template& known = templates[id];
    if (known.tokens.size() == collapsed.size()) {
      for (std::size_t i = 0; i < collapsed.size(); ++i) {
        generalise(known, i, collapsed[i].kind, collapsed[i].hash, collapsed[i].mask);
      }
    }
    known.many_forms = true;
    ++known.count;
    known.last_seen = learnt;
    known.refresh();
    index.alias(route, id);
    return id;
  }

  // Drain's rule, where a leaf is crowded: the most similar template takes the message in. kNone: there is room.
  std::uint32_t join_crowd(const Template& candidate) {
    const auto members = tree.templates(tree.leaf(candidate));
    const bool crowded =
        members.size() >= static_cast<std::size_t>(options.max_children) || index.crowded(candidate.key.skeleton);
    if (!crowded) {
      return FlatMap::kNone;
    }
    double best = options.similarity;
    std::uint32_t found = FlatMap::kNone;
    const std::size_t first = members.size() > kMaxCompared ? members.size() - kMaxCompared : 0;
    const auto compared = members.subspan(first);
    for (std::size_t i = 0; i < compared.size(); ++i) {
      if (i + kAhead < compared.size()) {
        templates[compared[i + kAhead]].prefetch();
      }
      const std::uint32_t id = root(compared[i]);
      if (id == FlatMap::kNone || templates[id].key.skeleton != candidate.key.skeleton ||
          templates[id].tokens.size() != candidate.tokens.size() || similarity_bound(templates[id], candidate) < best) {
        continue;
      }
      const double share = similarity(templates[id], candidate);
      if (share > best || (share == best && found == FlatMap::kNone)) {
        best = share;
        found = id;
      }
    }
    return found;
  }

  std::uint32_t learn_new(const MaskedMessage& message, const TemplateKey& key) {
    TemplateKey collapsed_key;
    if (!message.pinned) {
      if (const std::uint32_t id = find_collapsed(message, collapsed_key); id != FlatMap::kNone) {
        index.alias(key.route, id);
        touch(id, message, key);
        return id;
      }
    }
    const bool has_list = collapsed_key.route != 0;
    if (const std::uint32_t id = message.pinned ? FlatMap::kNone : join_form(message, key.route);
        id != FlatMap::kNone) {
      return id;
    }
    Template created = make_template(message);
    created.last_seen = learnt;
    created.signature = signature_of(created, key);
    if (const std::uint32_t id = message.pinned ? FlatMap::kNone : join_crowd(created); id != FlatMap::kNone) {
      Template& into = templates[id];
      for (std::size_t i = 0; i < into.tokens.size(); ++i) {
        generalise(into, i, created.tokens[i].kind, created.tokens[i].hash, created.tokens[i].mask);
      }
      ++into.count;
      into.last_seen = learnt;
      into.refresh();
      index.add(id, into);
      index.alias(key.route, id);
      return id;
    }
    created.count = 1;
    const std::uint32_t id = insert(std::move(created));
    if (has_list) {
      index.alias(collapsed_key.route, id);
    }
    if (templates[id].literal_count() >= 2) {
      absorb_forms(id);
    }
    forms.add(id, templates[id]);
    enter(id);
    const std::uint32_t kept = root(id);
    if (overgrown()) {
      tidy(kept);
    }
    return kept;
  }

  // Too many templates, or too much that only points at merged ones.
  [[nodiscard]] bool overgrown() const {
    constexpr std::size_t kSlack = 1024;    // so that small limits are not tidied at every template
    constexpr std::size_t kRoutesEach = 8;  // keys that lead to one template; more are mostly stale
    return live > options.max_templates || templates.size() - free_slots.size() > 2 * options.max_templates + kSlack ||
           index.routes() > kRoutesEach * options.max_templates + kSlack;
  }

  // Forgets merged templates and stale keys, and the rarest templates where there are too many, but never `keep`.
  // O(n log n), once in n/5 new templates.
  void tidy(std::uint32_t keep) {
    if (live > options.max_templates) {
      drop_rarest(keep);
    }
    std::vector<std::uint32_t> roots(templates.size());
    for (std::uint32_t id = 0; id < templates.size(); ++id) {
      roots[id] = root(id);
    }
    ids.settle(roots);
    free_slots.clear();
    for (std::uint32_t id = static_cast<std::uint32_t>(templates.size()); id-- > 0;) {
      if (!templates[id].live) {
        templates[id] = Template{};
        templates[id].live = false;
        free_slots.push_back(id);
      }
    }
    rebuild_index();
    rebuild_learning();
  }

  // Evicts the fifth that was seen least, oldest first: a rebuild follows, so that a storm of templates costs each five
  // times.
  void drop_rarest(std::uint32_t keep) {
    std::vector<std::uint32_t> order;
    for (std::uint32_t id = 0; id < templates.size(); ++id) {
      if (templates[id].live && !templates[id].pinned && id != keep) {
        order.push_back(id);
      }
    }
    if (order.empty()) {
      return;
    }
    const std::size_t drop = order.size() / 5 + 1;
    const auto rarer = [&](std::uint32_t a, std::uint32_t b) {
      const Template& x = templates[a];
      const Template& y = templates[b];
      return std::tuple(x.count, x.last_seen, ids.id_of(a)) < std::tuple(y.count, y.last_seen, ids.id_of(b));
    };
    std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(drop - 1), order.end(), rarer);
    for (std::size_t i = 0; i < drop; ++i) {
      evicted_records += templates[order[i]].count;
      templates[order[i]].live = false;
      --live;
    }
    evicted += drop;
  }

  // Takes in a template of another miner; afterwards every message of it finds one here.
  void add_foreign(Template added) {
    const auto find = [this](const Template& wanted) {
      const std::uint32_t stored = index.find(tokens_of(wanted), wanted.key);
      return stored == FlatMap::kNone ? stored : root(stored);
    };
    const auto fold_into = [this](std::uint32_t id, const Template& from) {
      fold(templates[id], from);
      templates[id].refresh();
      index.add(id, templates[id]);
    };
    if (const std::uint32_t id = added.variable ? FlatMap::kNone : find(added);
        id != FlatMap::kNone && !templates[id].variable) {
      fold_into(id, added);
      return;
    }
    Template list = added;
    if (!added.variable) {
      list.make_variable();
    }
    const bool has_list = added.variable || list.tokens.size() < added.tokens.size();
    if (const std::uint32_t id = has_list ? find(list) : FlatMap::kNone; id != FlatMap::kNone) {
      if (!templates[id].variable) {
        templates[id].make_variable();
      }
      fold_into(id, list);
      index.alias(added.key.route, id);
      return;
    }
    if (const std::uint32_t id = join_crowd(added); id != FlatMap::kNone) {
      fold_into(id, added);
      index.alias(added.key.route, id);
      return;
    }
    const std::uint32_t id = insert(std::move(added));
    if (has_list) {
      index.alias(list.key.route, id);
    }
    enter(id);
  }

  /// By slot: where its template, or the one it was merged into, stands among those saved; kNone: nowhere.
  [[nodiscard]] std::vector<std::uint32_t> places_of_live() const {
    std::vector<std::uint32_t> places(templates.size(), FlatMap::kNone);
    std::uint32_t next = 0;
    for (std::uint32_t slot = 0; slot < templates.size(); ++slot) {
      places[slot] = templates[slot].live || has_husks ? next++ : FlatMap::kNone;
    }
    for (std::uint32_t slot = 0; slot < templates.size(); ++slot) {
      const std::uint32_t kept = root(slot);
      places[slot] = kept == FlatMap::kNone ? kept : places[kept];
    }
    return places;
  }

  [[nodiscard]] std::vector<Template> live_templates() const {
    std::vector<Template> out;
    std::copy_if(templates.begin(), templates.end(), std::back_inserter(out), [](const Template& t) { return t.live; });
    return out;
  }

  // These are all templates now, with ids in this order; ids given out before are void.
  void adopt(std::vector<Template> all) {
    templates = std::move(all);
    live = static_cast<std::size_t>(
        std::count_if(templates.begin(), templates.end(), [](const Template& t) { return t.live; }));
    has_husks = live < templates.size();
    free_slots.clear();
    ids.restart(templates.size());
    rebuild_index();
    tree.clear();
    groups.clear();
    forms.clear();
    ready_to_learn = false;
    words = WordIndex(templates);
  }

  void rebuild_index() {
    index.clear();
    for (std::uint32_t id = 0; id < templates.size(); ++id) {
      if (templates[id].live) {
        index.add(id, templates[id]);
      }
    }
  }

  void rebuild_learning() {
    tree.clear();
    groups.clear();
    forms.clear();
    for (std::uint32_t id = 0; id < templates.size(); ++id) {
      if (templates[id].live) {
        tree.add(tree.leaf(templates[id]), id);
        grown.clear();
        groups.add(id, templates[id], grown);
        forms.add(id, templates[id]);
      }
    }
    ready_to_learn = true;
  }
};

}  // namespace logdetect
