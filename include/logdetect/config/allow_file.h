#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/detection/allow_list.h"

namespace logdetect {

/// Name of the file with a model's allow rules, beside model.ldm.
inline constexpr std::string_view kAllowFile = "allow.yaml";

/// Reads allow rules: a YAML list of maps with `pattern` and, if wanted, id, host, component, reason, author, date,
/// expires. Rules without an id get the one of allow_rule_id(). An empty text holds no rules.
/// Errors: kConfig at name:line:column for unknown keys, a missing pattern, a pattern of placeholders alone, an id that
/// occurs twice, or dates that are none.
Result<std::vector<AllowRule>> parse_allow_rules(std::string_view yaml, const std::string& name);
/// The rules of a file; none when there is no such file. Errors: as parse_allow_rules(), and kConfig when it cannot be
/// read.
Result<std::vector<AllowRule>> read_allow_file(const std::string& path);

/// Appends rules to the text of an allow file, or begins one; what people wrote into it stays as it is.
[[nodiscard]] std::string with_allow_rules(std::string yaml, const std::vector<AllowRule>& added);
/// The text without the rule of that id; the rest stays as it is. Errors: kUsage when there is no such rule, with the
/// nearest id; kConfig as parse_allow_rules().
Result<std::string> without_allow_rule(std::string_view yaml, std::string_view id, const std::string& name);

}  // namespace logdetect
