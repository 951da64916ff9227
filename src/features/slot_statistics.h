#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "features/numerics.h"
#include "features/quantile_sketch.h"
#include "logdetect/bundle/bytes.h"
#include "logdetect/core/event.h"

namespace logdetect {

/// Usual range of a numeric slot.
struct SlotRange {
  double typical = 0;
  double low = 0;   ///< 1st percentile
  double high = 0;  ///< 99th percentile
};

/// What values the open places ("slots") of each template take.
///
/// A value is surprising in two ways. As a number: outside the range seen, by how far in units of its tail, as
/// an exponential through the median, the 99th percentile and the largest value has it, on the linear and on the
/// logarithmic scale (the nearer verdict counts: pids are uniform, durations are not), never more than the evidence
/// allows. As a word: not among the at most 16 values of a slot that was seen 100 times or more. Silent are: slots with
/// many different words; numbers that keep leaving their range late in training (counters, sequence numbers, epochs);
/// and evidence is counted in changes and returns of the value, so that a pid or a date that was constant all through
/// training says next to nothing when it changes.
/// The first 16 parameters of a template are studied, and the 16 names of pairs met first (Parameter::named), each by
/// its name, wherever it stands and whether or not it is there; at most 262,144 slots and 65,536 value sets in all. A
/// name that training never saw beside this template counts like a constant's first change.
/// Cost: O(parameters) per event. Thread-safe for const calls.
class SlotTable {
 public:
  static constexpr std::size_t kMaxSlots = 16;

  /// Largest surprise of the parameters, nats, 0..10.
  [[nodiscard]] double surprise(std::size_t id, std::span<const Parameter> parameters) const;
  /// Surprise of one of them.
  [[nodiscard]] double slot_surprise(std::size_t id, std::span<const Parameter> parameters, std::size_t slot) const;
  void learn(std::size_t id, std::span<const Parameter> parameters);
  /// Nothing for slots that are not numeric, silenced or little known.
  [[nodiscard]] std::optional<SlotRange> range(std::size_t id, std::size_t slot) const;
  /// As range(), of the parameter at `place`, which may be a pair.
  [[nodiscard]] std::optional<SlotRange> range(std::size_t id, std::span<const Parameter> parameters,
                                               std::size_t place) const;

  void save(ByteWriter& out) const;
  void load(ByteReader& in, std::size_t templates);

 private:
  static constexpr std::uint32_t kNone = ~std::uint32_t{0};
  static constexpr std::uint32_t kMaxValues = 16;

  struct Slot {
    std::uint32_t observations = 0;
    std::uint32_t numbers = 0;
    std::uint32_t changes = 0;          ///< times the value differed from the one before
    std::uint32_t returns = 0;          ///< changes to a value known already
    std::uint32_t last = 0;             ///< hash of the last value
    std::uint32_t exceeded = 0;         ///< numbers out of range since the count of numbers was a power of two
    std::uint32_t exceeded_before = 0;  ///< the same between the two powers of two before
    std::uint32_t values = kNone;       ///< index of the value set
    bool many_values = false;           ///< the set overflowed and was given back
    bool whole = true;                  ///< every number was one
    QuantileSketch sketch;              ///< of the numbers
  };
  /// The values of a slot with few of them, as hashes.
  struct ValueSet {
    std::array<std::uint32_t, kMaxValues> hashes{};
    std::array<std::uint32_t, kMaxValues> counts{};
    std::uint32_t size = 0;
  };
  /// Where the slots of a template are. A template that becomes more general changes its number of parameters for
  /// good; its slots then start anew.
  struct Layout {
    std::uint32_t first = 0;
    std::uint32_t observations = 0;
    std::uint16_t count = 0;
    std::uint16_t capacity = 0;
    std::uint16_t misfits = 0;  ///< events in a row with another number of parameters
    std::uint16_t names = 0;    ///< slots by name
    std::uint32_t learnt = 0;   ///< events in all
  };

  [[nodiscard]] static bool numeric_ready(const Slot& slot);
  [[nodiscard]] bool words_ready(const Slot& slot) const;
  [[nodiscard]] bool counts_something(const Slot& slot) const;
  [[nodiscard]] static double number_surprise(const Slot& slot, double value);
  [[nodiscard]] double word_surprise(const Slot& slot, std::uint32_t hash) const;
  [[nodiscard]] double surprise_of(const Slot& slot, const Parameter& parameter) const;
  [[nodiscard]] static std::optional<SlotRange> range_of(const Slot& values);
  /// The slot of the parameter at `place`; null if there is none.
  [[nodiscard]] const Slot* slot_of(std::size_t id, std::span<const Parameter> parameters, std::size_t place) const;
  [[nodiscard]] double surprise_at(std::size_t id, std::span<const Parameter> parameters, std::size_t place) const;
  void learn_pairs(std::size_t id, std::span<const Parameter> pairs);
  [[nodiscard]] const Layout* fitting(std::size_t id, std::size_t parameters) const;
  void learn_value(Slot& slot, const Parameter& parameter);
  static void learn_number(Slot& slot, double value);
  bool learn_word(Slot& slot, std::uint32_t hash);
  void release(Slot& slot);
  bool lay_out(Layout& layout, std::size_t parameters);
  void save_slot(const Slot& slot, ByteWriter& out) const;
  bool load_slot(ByteReader& in, Slot& slot);

  std::vector<Layout> layouts_;                             ///< by template
  std::unordered_map<std::uint64_t, std::uint32_t> named_;  ///< index of a slot, by template and name
  std::vector<Slot> slots_;
  std::vector<ValueSet> sets_;
  std::vector<std::uint32_t> free_sets_;
};

}  // namespace logdetect
