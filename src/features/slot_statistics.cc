#include "features/slot_statistics.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "features/columns.h"
#include "features/number_text.h"
#include "logdetect/base/hash.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxTotalSlots = 262'144;
constexpr std::size_t kMaxSets = 65'536;
constexpr std::uint32_t kMinNumbers = 20;
constexpr std::uint32_t kMinWords = 100;
// An exchangeable stream leaves its range 1.4 times between two powers of two, whatever they are; a counter always
// does. More than eight times over the last two such stretches happens to 0.2 % of exchangeable slots.
constexpr std::uint32_t kMaxExceeded = 8;
// So many events in a row that do not fit: the template has become more general, and its slots mean something else.
constexpr std::uint16_t kMisfitsToStartAnew = 8;
// The least e-folding of a tail, as a part of the magnitude: values within a per cent are neighbours.
constexpr double kMinRelativeFold = 0.01;
constexpr double kMaxConstantNats = 2;  // a value that never changed back may be a pid or a date
constexpr double kConstantShare = 0.3;
constexpr double kMaxNumber = 1e33;  // 1e18, the largest number parsed, in the largest unit

bool is_quantity(MaskKind kind) {
  return kind == MaskKind::kNumber || kind == MaskKind::kCustom;
}
// UUIDs and times are unique by nature: not worth a look.
bool is_studied(MaskKind kind) {
  return kind != MaskKind::kUuid && kind != MaskKind::kTime;
}

// ln(1 + |x|) with the sign of x: a logarithmic scale that goes through zero.
double signed_log(double value) {
  return std::copysign(std::log1p(std::abs(value)), value);
}

std::uint32_t word_hash(std::string_view text) {
  const std::uint64_t hash = hash64(text);
  return static_cast<std::uint32_t>(hash ^ (hash >> 32));
}

// How many of the parameters are no pairs. Pairs stand last.
std::size_t unnamed(std::span<const Parameter> parameters) {
  std::size_t n = parameters.size();
  while (n > 0 && parameters[n - 1].named()) {
    --n;
  }
  return n;
}

std::uint64_t name_key(std::size_t id, const Parameter& parameter) {
  return hash_mix(id + 1, hash64(parameter.name()));
}

}  // namespace

bool SlotTable::numeric_ready(const Slot& slot) {
  // Nine in ten are numbers, it does not keep leaving its range as a counter does, and a constant has no range.
  return slot.numbers >= kMinNumbers && std::uint64_t{slot.numbers} * 10 >= std::uint64_t{slot.observations} * 9 &&
         slot.exceeded + slot.exceeded_before <= kMaxExceeded && slot.changes > 1;
}

bool SlotTable::words_ready(const Slot& slot) const {
  return slot.values != kNone && slot.observations >= kMinWords;
}

namespace {

// By how many e-foldings of the tail `value` lies beyond the end: an exponential through the median and the end, and
// one through the 1 % quantile on that side; the flatter one counts. All on one scale, and mirrored for the lower end.
double tail_folds(double value, double end, double one_percent, double median, double least, std::uint32_t n) {
  constexpr std::uint64_t kOneIn = 100;  // the 1 % quantile
  const double from_median = (end - median) / std::max(log_count(n) - log_count(2), 1.0);
  const double from_percent = (end - one_percent) / std::max(log_count(n) - log_count(kOneIn), 1.0);
  return (value - end) / std::max({from_median, from_percent, least});
}

}  // namespace

double SlotTable::number_surprise(const Slot& slot, double value) {
  const QuantileSketch& seen = slot.sketch;
  if (value >= seen.smallest() && value <= seen.largest()) {
    return 0;
  }
  const double sign = value > seen.largest() ? 1 : -1;
  const double end = sign > 0 ? seen.largest() : seen.smallest();
  const double percent = sign > 0 ? seen.high() : seen.low();
  const double magnitude = std::max(std::abs(seen.smallest()), std::abs(seen.largest()));
  const double linear = tail_folds(sign * value, sign * end, sign * percent, sign * seen.median(),
                                   kMinRelativeFold * magnitude, slot.numbers);
  const double logarithmic = tail_folds(sign * signed_log(value), sign * signed_log(end), sign * signed_log(percent),
                                        sign * signed_log(seen.median()),
                                        kMinRelativeFold * std::min(1.0, std::log1p(magnitude)), slot.numbers);
  // A new extreme among n exchangeable values has probability 2 / (n + 1): no value can say more than that.
  const double evidence = log_count(std::uint64_t{slot.changes} + 1) - log_count(2);
  return std::min({evidence, linear, logarithmic});
}

double SlotTable::word_surprise(const Slot& slot, std::uint32_t hash) const {
  const ValueSet& set = sets_[slot.values];
  const auto* end = set.hashes.begin() + set.size;
  if (std::find(set.hashes.begin(), end, hash) != end) {
    return 0;
  }
  const auto once = std::count(set.counts.begin(), set.counts.begin() + set.size, 1U);
  // Good-Turing: the chance of a new value is (values seen once + 1) / (returns + 2).
  const double mixing = log_count(std::uint64_t{slot.returns} + 2) - log_count(static_cast<std::uint64_t>(once) + 1);
  const double constancy = std::min(kMaxConstantNats, kConstantShare * log_count(slot.observations));
  return std::max(mixing, constancy);
}

// Whole numbers that lie close together are a count, of items or attempts: the next one up is no word that was never
// said. Status codes lie far apart.
bool SlotTable::counts_something(const Slot& slot) const {
  const auto kinds = static_cast<double>(sets_[slot.values].size);
  return numeric_ready(slot) && slot.whole && kinds > 2 && slot.sketch.largest() - slot.sketch.smallest() < 2 * kinds;
}

double SlotTable::surprise_of(const Slot& slot, const Parameter& parameter) const {
  double nats = 0;
  if (is_quantity(parameter.kind) && numeric_ready(slot)) {
    if (const auto value = parse_quantity(parameter.value())) {
      nats = number_surprise(slot, *value);
    }
  }
  if (is_studied(parameter.kind) && words_ready(slot) && !counts_something(slot)) {
    nats = std::max(nats, word_surprise(slot, word_hash(parameter.value())));
  }
  return bounded_nats(nats, kMaxParameterNats);
}

const SlotTable::Layout* SlotTable::fitting(std::size_t id, std::size_t parameters) const {
  if (id >= layouts_.size()) {
    return nullptr;
  }
  const Layout& layout = layouts_[id];
  return layout.count == std::min(parameters, kMaxSlots) ? &layout : nullptr;
}

const SlotTable::Slot* SlotTable::slot_of(std::size_t id, std::span<const Parameter> parameters,
                                          std::size_t place) const {
  if (place < parameters.size() && parameters[place].named()) {
    const auto found = named_.find(name_key(id, parameters[place]));
    return found == named_.end() ? nullptr : &slots_[found->second];
  }
  const Layout* layout = fitting(id, unnamed(parameters));
  return layout == nullptr || place >= layout->count ? nullptr : &slots_[layout->first + place];
}

double SlotTable::surprise_at(std::size_t id, std::span<const Parameter> parameters, std::size_t place) const {
  if (const Slot* slot = slot_of(id, parameters, place)) {
    return surprise_of(*slot, parameters[place]);
  }
  if (id >= layouts_.size() || !parameters[place].named() || layouts_[id].names >= kMaxSlots) {
    return 0;
  }
  // A name that training never saw beside this template counts like a constant's first change.
  return std::min(kMaxConstantNats, kConstantShare * log_count(layouts_[id].learnt));
}

double SlotTable::surprise(std::size_t id, std::span<const Parameter> parameters) const {
  const std::size_t values = unnamed(parameters);
  const Layout* layout = fitting(id, values);
  double most = 0;
  for (std::size_t i = 0; layout != nullptr && i < layout->count; ++i) {
    most = std::max(most, surprise_of(slots_[layout->first + i], parameters[i]));
  }
  for (std::size_t i = values; i < parameters.size(); ++i) {
    most = std::max(most, surprise_at(id, parameters, i));
  }
  return most;
}

double SlotTable::slot_surprise(std::size_t id, std::span<const Parameter> parameters, std::size_t slot) const {
  return slot < parameters.size() ? surprise_at(id, parameters, slot) : 0;
}

bool SlotTable::lay_out(Layout& layout, std::size_t parameters) {
  // More room than before: a new place behind all others. The old one stays unused; kMaxTotalSlots bounds that.
  if (parameters > layout.capacity) {
    if (slots_.size() + parameters > kMaxTotalSlots) {
      return false;
    }
    for (std::size_t i = 0; i < layout.count; ++i) {
      release(slots_[layout.first + i]);
    }
    layout.first = static_cast<std::uint32_t>(slots_.size());
    layout.capacity = static_cast<std::uint16_t>(parameters);
    slots_.resize(slots_.size() + parameters);
  } else {
    for (std::size_t i = 0; i < layout.count; ++i) {
      release(slots_[layout.first + i]);
      slots_[layout.first + i] = Slot{};
    }
  }
  layout.count = static_cast<std::uint16_t>(parameters);
  layout.observations = 0;
  layout.misfits = 0;
  return true;
}

void SlotTable::learn(std::size_t id, std::span<const Parameter> parameters) {
  const std::size_t values = unnamed(parameters);
  const std::size_t count = std::min(values, kMaxSlots);
  if (id >= layouts_.size()) {
    layouts_.resize(id + 1);
  }
  learn_pairs(id, parameters.subspan(values));
  Layout& layout = layouts_[id];
  if (layout.count != count) {
    ++layout.misfits;
    // A layout that fewer events fitted gives way after as many misfits.
    const bool start_anew = layout.misfits >= std::min<std::uint32_t>(kMisfitsToStartAnew, layout.observations);
    if (!start_anew || !lay_out(layout, count)) {
      layout.misfits = std::min(layout.misfits, kMisfitsToStartAnew);
      return;
    }
  }
  layout.misfits = 0;
  if (layout.observations == ~std::uint32_t{0}) {
    return;
  }
  ++layout.observations;
  for (std::size_t i = 0; i < count; ++i) {
    learn_value(slots_[layout.first + i], parameters[i]);
  }
}

void SlotTable::learn_pairs(std::size_t id, std::span<const Parameter> pairs) {
  Layout& layout = layouts_[id];
  layout.learnt += layout.learnt < ~std::uint32_t{0} ? 1 : 0;
  for (const Parameter& pair : pairs) {
    const std::uint64_t key = name_key(id, pair);
    auto found = named_.find(key);
    if (found == named_.end()) {
      if (layout.names >= kMaxSlots || slots_.size() >= kMaxTotalSlots) {
        continue;
      }
      ++layout.names;
      found = named_.emplace(key, static_cast<std::uint32_t>(slots_.size())).first;
      slots_.emplace_back();
    }
    if (Slot& slot = slots_[found->second]; slot.observations < ~std::uint32_t{0}) {
      learn_value(slot, pair);
    }
  }
}

void SlotTable::learn_value(Slot& slot, const Parameter& parameter) {
  ++slot.observations;
  if (!is_studied(parameter.kind)) {
    return;
  }
  if (is_quantity(parameter.kind)) {
    if (const auto value = parse_quantity(parameter.value())) {
      learn_number(slot, *value);
    }
  }
  // Nothing is asked of such a slot: too many words, and no number yet.
  if (slot.many_values && slot.numbers == 0) {
    return;
  }
  const std::uint32_t hash = word_hash(parameter.value());
  const bool known = learn_word(slot, hash);
  if (slot.observations > 1 && hash != slot.last) {
    ++slot.changes;
    slot.returns += known ? 1 : 0;
  }
  slot.last = hash;
}

void SlotTable::learn_number(Slot& slot, double value) {
  // Before the sketch takes the value in, and with it the new range.
  if (slot.numbers > 0 && (value < slot.sketch.smallest() || value > slot.sketch.largest())) {
    ++slot.exceeded;
  }
  ++slot.numbers;
  if (std::has_single_bit(slot.numbers)) {
    slot.exceeded_before = slot.exceeded;
    slot.exceeded = 0;
  }
  slot.whole = slot.whole && std::floor(value) == value;
  slot.sketch.add(value);
}

bool SlotTable::learn_word(Slot& slot, std::uint32_t hash) {
  if (slot.many_values) {
    return false;
  }
  if (slot.values == kNone) {
    if (!free_sets_.empty()) {
      slot.values = free_sets_.back();
      free_sets_.pop_back();
      sets_[slot.values] = ValueSet{};
    } else if (sets_.size() < kMaxSets) {
      slot.values = static_cast<std::uint32_t>(sets_.size());
      sets_.emplace_back();
    } else {
      slot.many_values = true;
      return false;
    }
  }
  ValueSet& set = sets_[slot.values];
  for (std::uint32_t i = 0; i < set.size; ++i) {
    if (set.hashes[i] == hash) {
      set.counts[i] += set.counts[i] == ~std::uint32_t{0} ? 0 : 1;
      return true;
    }
  }
  if (set.size == kMaxValues) {
    slot.many_values = true;
    release(slot);
    return false;
  }
  set.hashes[set.size] = hash;
  set.counts[set.size] = 1;
  ++set.size;
  return false;
}

void SlotTable::release(Slot& slot) {
  if (slot.values != kNone) {
    free_sets_.push_back(slot.values);
    slot.values = kNone;
  }
}

std::optional<SlotRange> SlotTable::range(std::size_t id, std::size_t slot) const {
  if (id >= layouts_.size() || slot >= layouts_[id].count) {
    return std::nullopt;
  }
  return range_of(slots_[layouts_[id].first + slot]);
}

std::optional<SlotRange> SlotTable::range(std::size_t id, std::span<const Parameter> parameters,
                                          std::size_t place) const {
  if (place >= parameters.size() || !parameters[place].named()) {
    return range(id, place);
  }
  const Slot* slot = slot_of(id, parameters, place);
  return slot == nullptr ? std::nullopt : range_of(*slot);
}

std::optional<SlotRange> SlotTable::range_of(const Slot& values) {
  if (!numeric_ready(values)) {
    return std::nullopt;
  }
  const QuantileSketch& seen = values.sketch;
  if (values.whole) {
    return SlotRange{std::round(seen.median()), std::floor(seen.low()), std::ceil(seen.high())};
  }
  return SlotRange{seen.median(), seen.low(), seen.high()};
}

void SlotTable::save_slot(const Slot& slot, ByteWriter& out) const {
  out.u32(slot.observations);
  out.u32(slot.numbers);
  out.u32(slot.changes);
  out.u32(slot.returns);
  out.u32(slot.last);
  out.u32(slot.exceeded);
  out.u32(slot.exceeded_before);
  out.u8(slot.whole ? 1 : 0);
  slot.sketch.save(out);
  out.u8(slot.many_values ? 1 : 0);
  const ValueSet* set = slot.values == kNone ? nullptr : &sets_[slot.values];
  out.u64(set == nullptr ? 0 : set->size);
  for (std::uint32_t v = 0; set != nullptr && v < set->size; ++v) {
    out.u32(set->hashes[v]);
    out.u32(set->counts[v]);
  }
}

void SlotTable::save(ByteWriter& out) const {
  out.u64(layouts_.size());
  for (const Layout& layout : layouts_) {
    out.u32(layout.observations);
    out.u16(layout.misfits);
    out.u16(layout.count);
    out.u16(layout.names);
    out.u32(layout.learnt);
    for (std::size_t i = 0; i < layout.count; ++i) {
      save_slot(slots_[layout.first + i], out);
    }
  }
  std::vector<std::pair<std::uint64_t, std::uint32_t>> named(named_.begin(), named_.end());
  std::sort(named.begin(), named.end());
  out.u64(named.size());
  for (const auto& [key, slot] : named) {
    out.u64(key);
    save_slot(slots_[slot], out);
  }
}

bool SlotTable::load_slot(ByteReader& in, Slot& slot) {
  slot.observations = in.u32();
  slot.numbers = in.u32();
  slot.changes = in.u32();
  slot.returns = in.u32();
  slot.last = in.u32();
  slot.exceeded = in.u32();
  slot.exceeded_before = in.u32();
  slot.whole = in.u8() != 0;
  slot.sketch.load(in, kMaxNumber);
  slot.many_values = in.u8() != 0;
  const bool counts_fit = slot.numbers <= slot.observations && slot.returns <= slot.changes &&
                          slot.changes <= slot.observations && slot.exceeded <= slot.numbers &&
                          slot.exceeded_before <= slot.numbers;
  if (!counts_fit || slot.sketch.count() > slot.numbers) {
    in.fail("parameter statistics out of range");
  }
  const std::size_t values = in.count(8, kMaxValues);
  if (values > 0 && (slot.many_values || sets_.size() >= kMaxSets)) {
    in.fail("too many parameter values");
  }
  if (!in.ok()) {
    return false;
  }
  if (values > 0) {
    slot.values = static_cast<std::uint32_t>(sets_.size());
    ValueSet& set = sets_.emplace_back();
    set.size = static_cast<std::uint32_t>(values);
    for (std::size_t v = 0; v < values; ++v) {
      set.hashes.at(v) = in.u32();
      set.counts.at(v) = in.u32();
    }
  }
  return in.ok();
}

void SlotTable::load(ByteReader& in, std::size_t templates) {
  constexpr std::size_t kFewestBytes = 80;  // of a slot
  slots_.reserve(std::min(in.remaining() / kFewestBytes, kMaxTotalSlots));
  sets_.reserve(std::min(in.remaining() / kFewestBytes, kMaxSets));
  constexpr std::size_t kLayoutBytes = 14;
  layouts_.resize(in.count(kLayoutBytes, templates));
  for (Layout& layout : layouts_) {
    layout.observations = in.u32();
    layout.misfits = std::min(in.u16(), kMisfitsToStartAnew);
    layout.count = in.u16();
    layout.names = std::min<std::uint16_t>(in.u16(), kMaxSlots);
    layout.learnt = in.u32();
    // Slots are written one behind the other, so no place has spare room.
    layout.capacity = layout.count;
    layout.first = static_cast<std::uint32_t>(slots_.size());
    if (layout.count > kMaxSlots || slots_.size() + layout.count > kMaxTotalSlots) {
      in.fail("too many parameters");
    }
    for (std::size_t i = 0; i < layout.count && in.ok(); ++i) {
      load_slot(in, slots_.emplace_back());
    }
    if (!in.ok()) {
      return;
    }
  }
  const std::size_t names = in.count(kFewestBytes, kMaxTotalSlots - slots_.size());
  for (std::size_t i = 0; i < names && in.ok(); ++i) {
    const std::uint64_t key = in.u64();
    Slot slot;
    if (load_slot(in, slot)) {
      named_.emplace(key, static_cast<std::uint32_t>(slots_.size()));
      slots_.push_back(slot);
    }
  }
}

}  // namespace logdetect
