#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace logdetect {

/// A user's mask: every match of `pattern` (RE2 syntax) becomes a value, shown as `<CUSTOM>`.
struct CustomMask {
  std::string name;     ///< for messages about the mask
  std::string pattern;  ///< compiled with a memory limit of 8 MiB
};

/// Drain and its surroundings. Source: He, Zhu, Zheng, Lyu, "Drain", ICWS 2017 for depth, similarity and children.
struct MinerOptions {
  double similarity = 0.4;              ///< least share of equal words for two templates to be merged
  int depth = 4;                        ///< levels of the fixed-depth tree, root and leaves included
  int max_children = 100;               ///< per inner node; further words go to the wildcard child
  std::size_t max_templates = 200'000;  ///< beyond it the rarest, oldest templates are evicted
  std::size_t max_tokens = 512;         ///< per message; the tail is folded into one wildcard
  std::vector<CustomMask> masks;        ///< applied in order, before the built-in ones
};

/// Which records belong to one session (a request, a job, a block).
struct SessionOptions {
  std::string key;         ///< pattern (RE2) over the whole record: capture group 1, or the match, names the session
  bool automatic = true;   ///< without key, delimiter and gap: training looks for an id that threads the log
  std::string delimiter;   ///< pattern of a record that begins a new session (of its key, else of its stream)
  double gap_seconds = 0;  ///< a silence longer than this ends a session likewise; 0: none does

  /// True when it says what a session is.
  [[nodiscard]] bool names_any() const { return !key.empty() || !delimiter.empty() || gap_seconds > 0; }
};

/// How the text before the message is understood.
struct HeaderOptions {
  std::string format = "auto";      ///< "auto", "none", or the name of a format of configs/formats
  std::size_t sample_lines = 2000;  ///< lines looked at by "auto"
  std::string timezone = "UTC";     ///< of timestamps without a zone: an IANA name or +HH:MM
};

}  // namespace logdetect
