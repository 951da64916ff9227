#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/range.h"

namespace logdetect {

/// Bytes of a pattern (RE2) or of a sample text that a user writes: longer ones are generated, not written.
inline constexpr std::size_t kMaxPatternBytes = 10'000;

/// What a mask is said to do to a text: tried by `config check`, of no effect on parsing.
struct MaskSample {
  enum class Kind : std::uint8_t {
    kMasked,      ///< the text comes out as `masked`, other masks and the built-in ones included
    kMatches,     ///< the pattern matches somewhere in the text
    kNotMatches,  ///< it does not
  };
  Kind kind = Kind::kMatches;
  std::string text;
  std::string masked;
  int line = 0;  ///< in the configuration file, from 1; 0: not from a file
};

/// A user's mask: every match of `pattern` (RE2 syntax) becomes a value, shown as `<NAME>`.
struct CustomMask {
  std::string name;     ///< upper-case letters, digits and '_'
  std::string pattern;  ///< compiled with a memory limit of 8 MiB
  std::vector<MaskSample> samples = {};
};

/// Drain and its surroundings. Source: He, Zhu, Zheng, Lyu, "Drain", ICWS 2017 for depth, similarity and children.
struct MinerOptions {
  static constexpr Range<double> kSimilarityRange{0, 1};
  static constexpr Range<int> kDepthRange{3, 16};
  static constexpr Range<int> kChildrenRange{2, 10'000};
  static constexpr Range<std::size_t> kTemplatesRange{16, 10'000'000};
  static constexpr Range<std::size_t> kTokensRange{8, 65'535};  ///< places of a template are stored in 16 bits
  static constexpr std::size_t kMaxMasks = 256;
  static constexpr std::size_t kMaxMaskSamples = 100;  ///< of each kind
  static constexpr std::size_t kMaxPinned = 1000;      ///< templates of the user's own
  static constexpr std::size_t kMaxPlaceholders = 64;  ///< of one such template

  double similarity = 0.4;              ///< least share of equal words for two templates to be merged
  int depth = 4;                        ///< levels of the fixed-depth tree, root and leaves included
  int max_children = 100;               ///< per inner node; further words go to the wildcard child
  std::size_t max_templates = 200'000;  ///< beyond it the rarest, oldest templates are evicted
  std::size_t max_tokens = 512;         ///< per message; the tail is folded into one wildcard
  std::vector<CustomMask> masks;        ///< applied in order, before the built-in ones
  std::vector<std::string> templates;   ///< messages that match take exactly that template; see check_pinned_template
  bool quoted_values = false;           ///< what stands in quotes is one value, whatever it is
};

/// Which records belong to one session (a request, a job, a block).
struct SessionOptions {
  static constexpr Range<double> kGapRange{0, 31'536'000};  ///< seconds; a year

  std::string key;         ///< pattern (RE2) over the whole record: capture group 1, or the match, names the session
  bool automatic = true;   ///< without key, delimiter and gap: training looks for an id that threads the log
  std::string delimiter;   ///< pattern of a record that begins a new session (of its key, else of its stream)
  double gap_seconds = 0;  ///< a silence longer than this ends a session likewise; 0: none does

  /// True when it says what a session is.
  [[nodiscard]] bool names_any() const { return !key.empty() || !delimiter.empty() || gap_seconds > 0; }
};

/// How the text before the message is understood.
struct HeaderOptions {
  static constexpr Range<std::size_t> kSampleLinesRange{10, 100'000};
  static constexpr std::size_t kMaxFormatBytes = 4096;  ///< PATH_MAX of Linux: it may be a file
  static constexpr std::size_t kMaxZoneBytes = 63;      ///< twice the longest IANA name

  std::string format = "auto";      ///< "auto", "none", or the name of a format of configs/formats
  std::size_t sample_lines = 2000;  ///< lines looked at by "auto"
  std::string timezone = "UTC";     ///< of timestamps without a zone: an IANA name or +HH:MM
};

}  // namespace logdetect
