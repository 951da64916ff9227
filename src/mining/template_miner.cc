#include "logdetect/mining/template_miner.h"

#include <algorithm>
#include <span>
#include <utility>

#include "logdetect/base/check.h"
#include "mining/template_io.h"
#include "mining/template_merge.h"
#include "mining/template_miner_impl.h"

namespace logdetect {
namespace {

// Of a message: bounds the memory of a batch.
constexpr std::size_t kMaxParameters = 64;
static_assert(MinerOptions::kTemplatesRange.most < kMaxTemplateIds, "nothing would be learnt of some templates");

}  // namespace

TemplateMiner::TemplateMiner(const MinerOptions& options) : impl_(std::make_unique<Impl>(options)) {}
TemplateMiner::~TemplateMiner() = default;
TemplateMiner::TemplateMiner(TemplateMiner&&) noexcept = default;
TemplateMiner& TemplateMiner::operator=(TemplateMiner&&) noexcept = default;

TemplateId TemplateMiner::learn(const MaskedMessage& message) {
  Impl& impl = *impl_;
  if (!impl.ready_to_learn) {
    impl.rebuild_learning();
  }
  ++impl.learnt;
  const TemplateKey& key = message.key;
  if (const std::uint32_t stored = impl.index.find(message.tokens, key); stored != FlatMap::kNone) {
    // A key may be left of a template that was evicted; the message then makes a new one.
    if (const std::uint32_t id = impl.root(stored); id != FlatMap::kNone) {
      impl.touch(id, message, key);
      return TemplateId(impl.ids.id_of(id));
    }
  }
  return TemplateId(impl.ids.id_of(impl.learn_new(message, key)));
}

TemplateId TemplateMiner::resolve(TemplateId id) const {
  return impl_->shown(impl_->ids.slot(id.value()));
}

TemplateId TemplateMiner::match(const MaskedMessage& message) const {
  const TemplateKey& key = message.key;
  std::uint32_t stored = impl_->index.find(message.tokens, key);
  // Dearest last, for messages that nothing else fits: a list of another length, then a group of tokens as one value.
  if (stored == FlatMap::kNone && !message.pinned) {
    std::vector<Token> tokens;
    collapse_tokens(message.tokens, message.text, tokens);
    stored = tokens.size() == message.tokens.size() ? stored : impl_->index.find(tokens, make_key(tokens));
  }
  if (stored == FlatMap::kNone && !message.pinned) {
    std::vector<Token> folded;
    return impl_->shown(impl_->find_folded(message, folded));
  }
  return impl_->shown(stored);
}

TemplateId TemplateMiner::nearest(const MaskedMessage& message) const {
  return impl_->shown(impl_->words.nearest(message));
}

TemplateId TemplateMiner::counterpart(const TemplateMiner& other, TemplateId id) const {
  const Template& foreign = other.impl_->at(id);
  // The template as a message of its own: a value of it is any value, a word of it that word.
  MaskedMessage message;
  std::string text;
  message.tokens = tokens_of(foreign);
  for (std::size_t i = 0; i < message.tokens.size(); ++i) {
    const std::string& word = foreign.tokens[i].text;
    message.tokens[i].begin = static_cast<std::uint32_t>(text.size());
    message.tokens[i].length = static_cast<std::uint32_t>(word.size());
    text += word;
  }
  message.text = text;
  message.key = make_key(message.tokens);
  message.pinned = foreign.pinned;
  return match(message);
}

void TemplateMiner::parameters(TemplateId id, const MaskedMessage& message, std::vector<Parameter>& out) const {
  template_parameters(id, message, out);
  out.insert(out.end(), message.extras.begin(), message.extras.end());
}

void TemplateMiner::template_parameters(TemplateId id, const MaskedMessage& message,
                                        std::vector<Parameter>& out) const {
  const Template& known = impl_->at(id);
  std::vector<Token> folded;
  std::span<const Token> tokens = message.tokens;
  // This message has a group of tokens where the template has one value.
  if (known.many_forms && known.token_count != tokens.size() &&
      impl_->shown(impl_->find_folded(message, folded)) == id) {
    tokens = folded;
  }
  const auto parameter = [&](std::size_t i, bool with_unit) {
    Parameter cut{message.token_text(tokens[i]), tokens[i].mask, 0};
    if (with_unit) {
      const Token& unit = tokens[i + 2];
      cut.text = message.text.substr(tokens[i].begin, unit.begin + unit.length - tokens[i].begin);
    }
    return cut;
  };
  if (!known.variable && known.token_count == tokens.size()) {
    const std::size_t first = out.size();
    const std::size_t n = std::min(known.open_count(), kMaxParameters);
    out.resize(first + n);
    for (std::size_t k = 0; k < n; ++k) {
      const OpenPlace place = known.open_place_at(k);
      out[first + k] = parameter(place.token, place.with_unit);
    }
    return;
  }
  // For a list of any length: the values are those of the message, not places of the template.
  std::size_t n = 0;
  for (std::size_t i = 0; i < tokens.size() && n < kMaxParameters; ++i) {
    if (tokens[i].open() && tokens[i].mask != MaskKind::kUnit) {
      out.push_back(parameter(i, i + 2 < tokens.size() && tokens[i + 2].mask == MaskKind::kUnit));
      ++n;
    }
  }
}

void TemplateMiner::prefetch_key(const MaskedMessage& message) const {
  impl_->index.prefetch(message.key.route);
}

void TemplateMiner::prefetch_template(const MaskedMessage& message) const {
  if (const std::uint32_t slot = impl_->index.at(message.key.route); slot < impl_->templates.size()) {
    __builtin_prefetch(&impl_->templates[slot]);
  }
}

void TemplateMiner::prefetch(TemplateId id) const {
  if (const std::uint32_t slot = impl_->ids.slot(id.value()); slot < impl_->templates.size()) {
    __builtin_prefetch(&impl_->templates[slot]);
  }
}

bool TemplateMiner::alarming(TemplateId id) const {
  return impl_->at(id).alarming;
}

std::uint32_t TemplateMiner::revision(TemplateId id) const {
  return impl_->at(id).revision;
}

std::size_t TemplateMiner::size() const {
  return impl_->live;
}
std::size_t TemplateMiner::id_bound() const {
  return impl_->templates.size();
}
std::uint64_t TemplateMiner::evicted() const {
  return impl_->evicted;
}
std::uint64_t TemplateMiner::evicted_records() const {
  return impl_->evicted_records;
}

TemplateInfo TemplateMiner::info(TemplateId id) const {
  const Template& known = impl_->at(id);
  return {id, known.text(), known.count, known.tokens.size(), known.open_count()};
}

std::vector<std::uint64_t> TemplateMiner::counts() const {
  std::vector<std::uint64_t> counts;
  counts.reserve(impl_->live);
  for (const Template& known : impl_->templates) {
    if (known.live) {
      counts.push_back(known.count);
    }
  }
  return counts;
}

std::vector<TemplateInfo> TemplateMiner::list() const {
  std::vector<TemplateInfo> all;
  all.reserve(impl_->live);
  for (std::uint32_t id = 0; id < impl_->templates.size(); ++id) {
    if (impl_->templates[id].live) {
      all.push_back(info(TemplateId(impl_->ids.id_of(id))));
    }
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return all;
}

void TemplateMiner::compact(std::size_t known) {
  std::vector<std::uint32_t> order;  // by new id: the slot; FlatMap::kNone: a husk
  std::vector<std::uint32_t> fresh;
  for (std::uint32_t slot = 0; slot < impl_->templates.size(); ++slot) {
    if (impl_->templates[slot].live && impl_->ids.id_of(slot) >= known) {
      fresh.push_back(slot);
    }
  }
  std::sort(fresh.begin(), fresh.end(), [this](auto a, auto b) { return impl_->ids.id_of(a) < impl_->ids.id_of(b); });
  std::vector<std::uint32_t> led_to(known, FlatMap::kNone);  // slots
  for (std::uint32_t id = 0; id < known; ++id) {
    led_to[id] = impl_->root(impl_->ids.slot(id));
    // An id below `known` that no longer has a template of its own stays as a husk, so that no other id moves.
    const bool own = led_to[id] != FlatMap::kNone && impl_->ids.id_of(led_to[id]) == id;
    order.push_back(own ? led_to[id] : FlatMap::kNone);
  }
  order.insert(order.end(), fresh.begin(), fresh.end());
  // Keys that led to a template go on leading to it: every message that was learnt is found again.
  std::vector<std::uint32_t> now(impl_->templates.size(), FlatMap::kNone);
  for (std::uint32_t place = 0; place < order.size(); ++place) {
    if (order[place] != FlatMap::kNone) {
      now[order[place]] = place;
    }
  }
  for (std::uint32_t slot = 0; slot < now.size(); ++slot) {
    const std::uint32_t kept = impl_->root(slot);
    now[slot] = kept == FlatMap::kNone ? kept : now[kept];
  }
  TemplateIndex index = std::move(impl_->index);
  index.remap(now);
  std::vector<Template> compacted;
  compacted.reserve(order.size());
  for (std::uint32_t id = 0; id < order.size(); ++id) {
    if (order[id] != FlatMap::kNone) {
      compacted.push_back(std::move(impl_->templates[order[id]]));
    } else {
      compacted.push_back(husk(led_to[id] == FlatMap::kNone ? FlatMap::kNone : now[led_to[id]]));
    }
  }
  impl_->index = {};
  impl_->adopt(std::move(compacted));
  // The index that adopt() made has the templates' present keys only; this one leads from earlier keys too.
  impl_->index = std::move(index);
}

TemplateMiner TemplateMiner::merge(const TemplateMiner& a, const TemplateMiner& b, const MinerOptions& options) {
  TemplateMiner merged(options);
  Impl& impl = *merged.impl_;
  for (Template& next : canonical_union(a.impl_->live_templates(), b.impl_->live_templates())) {
    impl.add_foreign(std::move(next));
  }
  if (impl.overgrown()) {
    impl.tidy(FlatMap::kNone);
  }
  // The number of the latest message, so that what is learnt next counts as newer.
  impl.learnt = std::max(a.impl_->learnt, b.impl_->learnt);
  impl.evicted += a.impl_->evicted + b.impl_->evicted;
  impl.evicted_records += a.impl_->evicted_records + b.impl_->evicted_records;
  std::vector<Template> all = impl.live_templates();
  sort_for_numbering(all);
  impl.adopt(std::move(all));
  return merged;
}

MinerFootprint TemplateMiner::footprint() const {
  const Impl& impl = *impl_;
  return {impl.templates.size(), impl.index.routes(), impl.index.place_sets(),
          impl.tree.nodes(),     impl.groups.size(),  impl.ids.aliases()};
}

void TemplateMiner::save(ByteWriter& out) const {
  save_templates(impl_->has_husks ? impl_->templates : impl_->live_templates(), out);
  TemplateIndex index = impl_->index;
  index.remap(impl_->places_of_live());
  index.save(out);
}

Result<TemplateMiner> TemplateMiner::load(ByteReader& in, const MinerOptions& options) {
  TemplateMiner miner(options);
  std::vector<Template> all = load_templates(in);
  if (!in.ok()) {
    return in.finish().error();
  }
  const std::size_t templates = all.size();
  miner.impl_->adopt(std::move(all));
  miner.impl_->index.load(in, templates);
  if (!in.ok()) {
    return in.finish().error();
  }
  return miner;
}

}  // namespace logdetect
