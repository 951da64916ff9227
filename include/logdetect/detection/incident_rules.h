#pragma once

#include <string>
#include <string_view>

#include "logdetect/core/finding.h"

namespace logdetect {

/// Severity from the sum S over distinct templates of their best surprise, in units of the threshold (each counted with
/// at most 4; a line and a session that ends with its template are one, each bout is one of its own), and the worst
/// level among all that count; habitual findings count only where all are. A line without a level counts as WARNING,
/// for nothing is known. O(n log n).
///
///     S            below WARNING   WARNING   ERROR      CRITICAL, FATAL
///     below 2      low             low       medium     high
///     2 to 4       low             medium    medium     high
///     4 to 6       medium          medium    high       critical
///     6 and more   medium          high      critical   critical
///
/// A deployment is low. Else it never falls when a finding is added, or one gets stronger, unless news joins habits.
Severity incident_severity(const Incident& incident);

/// A title from the data: the component, if any, and up to 6 words in a row of the worst template, chosen so that most
/// of them are missing from the nearest normal template; placeholders are left out. Of a session that lacks a step, or
/// has too few of it, the words of the step. Raw bytes, at most 72 columns, never empty.
std::string incident_title(const Incident& incident);

/// What to call a session that does not get to a step, or has too few of it; empty for anything else.
std::string_view lacking(const Finding& finding);

}  // namespace logdetect
