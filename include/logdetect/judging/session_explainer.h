#pragma once

#include <functional>
#include <string>
#include <vector>

#include "logdetect/core/finding.h"
#include "logdetect/features/session_scorer.h"
#include "logdetect/features/session_statistics.h"

namespace logdetect {

using TemplateText = std::function<std::string(TemplateId)>;

/// Says why a session is strange: one reason for each part of its score, in the order of their nats; the shares add up
/// to 1. Never empty.
[[nodiscard]] std::vector<Reason> explain_session(const SessionStatistics& statistics, const SessionState& state,
                                                  const SessionScore& score, const TemplateText& template_text);

/// The session in short: "session blk_1: 5 records: [Receiving block] x3, [allocateBlock], [Received block]". The
/// templates stand in order of first sight, at most 12. Raw bytes.
[[nodiscard]] std::string session_story(const SessionState& state, const std::string& name,
                                        const TemplateText& template_text);

}  // namespace logdetect
