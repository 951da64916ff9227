#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace logdetect {

/// Names of reasons. A reason is known by its name alone and no list holds them all: a feature column, a detector or a
/// watch may bring its own, of lower-case letters, digits and underscores. Here stand those that several rooms speak
/// of. Written to results as `kind`; a name is never changed once it was released.
namespace reasons {
inline constexpr std::string_view kNewTemplate = "new_template";  ///< never seen in training
inline constexpr std::string_view kRareTemplate = "rare_template";
inline constexpr std::string_view kBurst = "burst";
inline constexpr std::string_view kSequence = "sequence";    ///< improbable after the templates before it
inline constexpr std::string_view kParameter = "parameter";  ///< a value outside what training showed
inline constexpr std::string_view kUnusualTime = "unusual_time";
inline constexpr std::string_view kUnusualLevel = "unusual_level";
inline constexpr std::string_view kErrorRate = "error_rate";  ///< share of ERROR or WARN lines in the window
inline constexpr std::string_view kLength = "length";
inline constexpr std::string_view kDiversity = "diversity";  ///< distinct or new templates in the window
/// A session is over without a step that sessions have, or with too few of it.
inline constexpr std::string_view kMissingStep = "missing_step";
inline constexpr std::string_view kRepeated = "repeated";  ///< a session has a step too often
/// Unusual on this host, component or file, though not elsewhere.
inline constexpr std::string_view kUnusualStream = "unusual_stream";
inline constexpr std::string_view kSlow = "slow";        ///< a step of a session took unusually long
inline constexpr std::string_view kStalled = "stalled";  ///< a session went silent where sessions go on
inline constexpr std::string_view kSilence = "silence";  ///< what came at regular intervals stopped
/// The view of a detector that names no feature, or of a feature that names no reason. The isolation forest was the
/// first to have one.
inline constexpr std::string_view kForest = "forest";
}  // namespace reasons

/// One factor of a finding: what was observed against what the model expected.
struct Reason {
  std::string kind{reasons::kForest};  ///< name of the reason
  std::string feature;                 ///< feature or detector this came from
  std::string unit;                    ///< unit of observed and expected
  double observed = 0;
  std::optional<double> expected_low;
  std::optional<double> expected_high;
  double share = 0;      ///< part of the finding's surprise, 0..1
  std::string sentence;  ///< for people; may quote log text, so every format escapes it
};

}  // namespace logdetect
