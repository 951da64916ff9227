#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "mining/template_merge.h"
#include "mining/template_miner_impl.h"

namespace logdetect {

bool TemplateMiner::Impl::overgrown() const {
  constexpr std::size_t kSlack = 1024;    // so that small limits are not tidied at every template
  constexpr std::size_t kRoutesEach = 8;  // keys that lead to one template; more are mostly stale
  return live > options.max_templates || templates.size() - free_slots.size() > 2 * options.max_templates + kSlack ||
         index.routes() > kRoutesEach * options.max_templates + kSlack;
}

void TemplateMiner::Impl::tidy(std::uint32_t keep) {
  if (live > options.max_templates) {
    drop_rarest(keep);
  }
  std::vector<std::uint32_t> roots(templates.size());
  for (std::uint32_t id = 0; id < templates.size(); ++id) {
    roots[id] = root(id);
  }
  // While the slots still tell what merged into what. Ids of merged templates then lead to where these went.
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

void TemplateMiner::Impl::drop_rarest(std::uint32_t keep) {
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
  // By count, then age, then id: a total order, so that the same log evicts the same templates.
  std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(drop - 1), order.end(), rarer);
  for (std::size_t i = 0; i < drop; ++i) {
    evicted_records += templates[order[i]].count;
    templates[order[i]].live = false;
    --live;
  }
  evicted += drop;
}

void TemplateMiner::Impl::add_foreign(Template added) {
  const auto find = [this](const Template& wanted) {
    const std::uint32_t stored = index.find(tokens_of(wanted), wanted.key);
    return stored == FlatMap::kNone ? stored : root(stored);
  };
  const auto fold_into = [this](std::uint32_t id, const Template& from) {
    fold(templates[id], from);
    templates[id].refresh();
    index.add(id, templates[id]);
  };
  // As with a message: exact key first, then its collapsed form, then the crowd, and last as a new template.
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

std::vector<std::uint32_t> TemplateMiner::Impl::places_of_live() const {
  std::vector<std::uint32_t> places(templates.size(), FlatMap::kNone);
  std::uint32_t next = 0;
  for (std::uint32_t slot = 0; slot < templates.size(); ++slot) {
    // Husks of a compacted miner are saved too and take a place; others are not.
    places[slot] = templates[slot].live || has_husks ? next++ : FlatMap::kNone;
  }
  for (std::uint32_t slot = 0; slot < templates.size(); ++slot) {
    const std::uint32_t kept = root(slot);
    places[slot] = kept == FlatMap::kNone ? kept : places[kept];
  }
  return places;
}

std::vector<Template> TemplateMiner::Impl::live_templates() const {
  std::vector<Template> out;
  std::copy_if(templates.begin(), templates.end(), std::back_inserter(out), [](const Template& t) { return t.live; });
  return out;
}

void TemplateMiner::Impl::adopt(std::vector<Template> all) {
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

void TemplateMiner::Impl::rebuild_index() {
  index.clear();
  for (std::uint32_t id = 0; id < templates.size(); ++id) {
    if (templates[id].live) {
      index.add(id, templates[id]);
    }
  }
}

void TemplateMiner::Impl::rebuild_learning() {
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

}  // namespace logdetect
