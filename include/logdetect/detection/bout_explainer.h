#pragma once

#include <string>
#include <string_view>

#include "logdetect/core/finding.h"

namespace logdetect {

/// Says a bout in one reason that carries the whole score: "burst: 3,380 of these in 60 s at the peak, 18:02:11 (usual:
/// none to 4)", or "silence: [heartbeat ok: ...] did not come for 3,610 s (usual: every 10 s, at most 12.1 s apart)".
/// `template_text`: of the bout's template.
[[nodiscard]] Reason explain_bout(const Bout& bout, std::string_view template_text);

}  // namespace logdetect
