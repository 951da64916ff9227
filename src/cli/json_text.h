#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace logdetect {

/// What a verb says to programs: members in the order in which they were set.
using Json = nlohmann::ordered_json;

/// One document with a line end. All but printable ASCII is escaped, so that a pasted piece is safe to look at;
/// ill-formed bytes become U+FFFD, NaN and infinity null.
std::string json_text(const Json& document);

}  // namespace logdetect
