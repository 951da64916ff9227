#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "logdetect/ingest/source_entry.h"

namespace logdetect {

/// Whether log file `a` is read before `b`: by path, but of one rotated log the oldest first. app.log-20240101 precedes
/// app.log-20240102, then app.log.10.gz, app.log.9, app.log.1, then app.log itself. A strict weak order.
[[nodiscard]] bool reads_before(const std::string& a, const std::string& b);

/// Names in a directory, without "." and "..". False when it cannot be read.
bool list_directory(const std::string& path, std::vector<std::string>& names);

/// Appends the regular files below a directory. Links to directories are not followed, so there is no circle. A
/// directory that cannot be listed stands for its files: opening it fails then, and is counted as an unreadable input.
void append_files_below(const std::string& path, std::vector<std::string>& found);

/// Appends files that were found, not named, as inputs of `scheme`, in reading order.
void append_found(std::vector<std::string> paths, std::string_view scheme, std::vector<Input>& out);

/// The files in a directory and below, likewise. Errors: kInput when there are none.
Result<void> append_directory(const std::string& path, std::string_view scheme, std::vector<Input>& out);

/// What tells what lies at a path apart from other things, whatever its names are.
[[nodiscard]] std::string identity_at(const std::string& path);

}  // namespace logdetect
