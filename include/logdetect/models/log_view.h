#pragma once

#include <functional>
#include <span>
#include <string>

#include "logdetect/core/event.h"
#include "logdetect/core/features.h"
#include "logdetect/core/session.h"
#include "logdetect/core/windows.h"

namespace logdetect {

/// A stretch of log as a detector sees it, the same to learn from and to judge. Views of what the caller holds: they
/// live as long as the call. What a caller does not have is empty.
struct LogView {
  std::span<const Event> events;
  const FeatureMatrix& rows;                     ///< [events.size() x columns]
  const WindowBatch& windows;                    ///< to judge: scores each event once; to learn: of other events
  std::span<const Parameter> parameters = {};    ///< of the events; training keeps none
  std::span<const SessionSample> sessions = {};  ///< to judge: those asked about; to learn: a sample
  std::function<std::string(TemplateId)> template_text = {};  ///< of the ids in events, windows and sessions
};

}  // namespace logdetect
