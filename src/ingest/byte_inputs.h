#pragma once

#include <memory>
#include <string>
#include <vector>

#include "logdetect/ingest/source_entry.h"

namespace logdetect {

/// Opens files, pipes and standard input ("-") for reading one after the other. Compression is recognised by its magic
/// bytes (gzip, zstd, xz, bzip2; concatenated members too), a BOM selects UTF-8 or UTF-16. The open() of every scheme
/// that stands for bytes.
Result<std::unique_ptr<RecordSource>> open_byte_inputs(std::vector<Input> inputs, const SourceOptions& options,
                                                       const OpenOptions& how);

}  // namespace logdetect
