#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "logdetect/core/finding.h"
#include "logdetect/features/session_scorer.h"
#include "logdetect/judging/open_sessions.h"

namespace logdetect {

/// One record is anomalous.
struct LineSighting {};

/// A template came far too often.
struct BurstSighting {
  std::size_t window = 0;  ///< index of the window that shows it best
  std::int64_t window_seconds = 0;
  Micros start = 0;
  Micros peak = 0;
  Micros last_high = 0;     ///< last line at which the rate was still improbable
  std::uint64_t lines = 0;  ///< since it was noticed, and those in the window then
  std::uint32_t most = 0;   ///< lines in the window at the peak
};

/// What used to come regularly did not come.
struct SilenceSighting {
  SourcePosition position;  ///< of its last line
  std::string host;
  std::string component;
  std::string line;  ///< the last line, at most 512 bytes of it
  Level level = Level::kUnknown;
  Micros last = 0;     ///< time of its last line
  Micros now = 0;      ///< when the silence became improbable, or ended
  Micros usual = 0;    ///< gap between two lines
  Micros longest = 0;  ///< gap of training
};

/// A session is anomalous: by its last record, or by its silence.
struct SessionSighting {
  OpenSession session;
  SessionScore score;
};

/// What a watch saw: the small value that flows from the watches over the finding builder to the desk.
struct Sighting {
  enum class Change : std::uint8_t {
    kBegan,    ///< something new to tell
    kChanged,  ///< more is known of what began, and it goes on
    kEnded,    ///< more is known of what began, and it is over
  };
  static constexpr std::size_t kNoRow = ~std::size_t{0};

  Change change = Change::kBegan;
  std::size_t row = kNoRow;    ///< index of the event it was noticed at; kNoRow: noticed otherwise, as by the clock
  Micros time = 0;             ///< when it began
  double nats = 0;             ///< its evidence
  TemplateId template_id;      ///< its cause
  std::uint64_t bout_key = 0;  ///< of a burst or a silence: the same in all its sightings, unlike others' that are open
  std::variant<LineSighting, BurstSighting, SilenceSighting, SessionSighting> what;
};

using Sightings = std::vector<Sighting>;

[[nodiscard]] inline FindingKind kind_of(const Sighting& sighting) {
  constexpr std::array kKinds = {FindingKind::kLine, FindingKind::kBurst, FindingKind::kSilence, FindingKind::kSession};
  return kKinds.at(sighting.what.index());
}

/// Sighting::bout_key of a watch's bout number `number`.
[[nodiscard]] constexpr std::uint64_t bout_key(BoutKind kind, std::uint64_t number) {
  return 2 * number + (kind == BoutKind::kBurst ? 0 : 1);
}

}  // namespace logdetect
