#include <algorithm>
#include <deque>
#include <utility>

#include "logdetect/base/check.h"
#include "mining/template_merge.h"
#include "mining/template_miner_impl.h"

namespace logdetect {

const Template& TemplateMiner::Impl::at(TemplateId id) const {
  const std::uint32_t slot = root(ids.slot(id.value()));
  LD_CHECK(slot < templates.size(), "unknown template id");
  return templates[slot];
}

std::uint32_t TemplateMiner::Impl::insert(Template added) {
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

void TemplateMiner::Impl::enter(std::uint32_t id) {
  index.add(id, templates[id]);
  tree.add(tree.leaf(templates[id]), id);
  // A merge gives a template a new key, by which it may join further groups: so on until nothing merges.
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

std::uint32_t TemplateMiner::Impl::merge_group(std::uint32_t group, std::size_t place) {
  std::vector<std::uint32_t>& members = groups.members(group);
  std::vector<std::uint32_t> present;
  std::uint64_t key = 0;
  // From the newest on, whose key is that of the group. Older members may have merged or changed since.
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
  // What is gone need not be looked at again.
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
  // Each set of opened places costs every unknown message of the skeleton one look-up more. Hence the bound.
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

void TemplateMiner::Impl::absorb(std::uint32_t target, std::uint32_t id) {
  Template& from = templates[id];
  fold(templates[target], from);
  retire(from, target);
}

void TemplateMiner::Impl::retire(Template& from, std::uint32_t target) {
  from = Template{};
  from.parent = target;
  from.live = false;
  --live;
}

void TemplateMiner::Impl::rekey(std::uint32_t id, std::size_t place) {
  Template& changed = templates[id];
  if (!changed.tokens[place].opened) {
    changed.open_place(place);
    changed.tokens[place].opened = true;
  }
  changed.refresh();
  // A message met before may teach the template something now that the place is open.
  changed.signature = 0;
  index.add(id, changed);
  tree.add(tree.leaf(changed), id);
}

std::uint64_t TemplateMiner::Impl::signature_of(const Template& known, const TemplateKey& message) {
  return message.masks + (known.lazy_words == 0 ? 0 : message.lazy);
}

void TemplateMiner::Impl::touch(std::uint32_t id, const MaskedMessage& message, const TemplateKey& key) {
  Template& known = templates[id];
  ++known.count;
  known.last_seen = learnt;
  // Nearly all messages leave here: their values are of the kinds that the template has met.
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

bool TemplateMiner::Impl::fits(const Template& known, std::span<const Token> tokens) {
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

std::uint32_t TemplateMiner::Impl::find_collapsed(const MaskedMessage& message, TemplateKey& key) {
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

std::uint32_t TemplateMiner::Impl::find_folded(const MaskedMessage& message, std::vector<Token>& folded) const {
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

void TemplateMiner::Impl::absorb_forms(std::uint32_t target) {
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

void TemplateMiner::Impl::absorb_form(std::uint32_t target, std::uint32_t id, std::size_t place) {
  Template& into = templates[target];
  Template& from = templates[id];
  into.tokens[place].mask = MaskKind::kNone;
  into.many_forms = true;
  into.count += from.count;
  into.last_seen = std::max(into.last_seen, from.last_seen);
  retire(from, target);
  into.refresh();
}

std::uint32_t TemplateMiner::Impl::join_form(const MaskedMessage& message, std::uint64_t route) {
  const std::uint32_t id = find_folded(message, collapsed);
  // One literal word in common is too little to take a group for a value.
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

std::uint32_t TemplateMiner::Impl::join_crowd(const Template& candidate) {
  const auto members = tree.templates(tree.leaf(candidate));
  const bool crowded =
      members.size() >= static_cast<std::size_t>(options.max_children) || index.crowded(candidate.key.skeleton);
  if (!crowded) {
    return FlatMap::kNone;
  }
  double best = options.similarity;
  std::uint32_t found = FlatMap::kNone;
  // Only the newest ones: a leaf may hold any number.
  const std::size_t first = members.size() > kMaxCompared ? members.size() - kMaxCompared : 0;
  const auto compared = members.subspan(first);
  for (std::size_t i = 0; i < compared.size(); ++i) {
    // Each template is a wait for memory; several waits overlap.
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

std::uint32_t TemplateMiner::Impl::learn_new(const MaskedMessage& message, const TemplateKey& key) {
  TemplateKey collapsed_key;
  if (!message.pinned) {
    if (const std::uint32_t id = find_collapsed(message, collapsed_key); id != FlatMap::kNone) {
      index.alias(key.route, id);
      touch(id, message, key);
      return id;
    }
  }
  // find_collapsed() has set the key if collapsing made the message shorter.
  const bool has_list = collapsed_key.route != 0;
  if (const std::uint32_t id = message.pinned ? FlatMap::kNone : join_form(message, key.route); id != FlatMap::kNone) {
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
  // So that the same list of another length finds this template.
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

}  // namespace logdetect
