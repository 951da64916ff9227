#include "pipeline/header_plans.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "logdetect/base/arena.h"
#include "logdetect/base/text.h"

namespace logdetect {
namespace {

constexpr double kFits = 0.5;  // share of lines a known plan must read in full

// Share of the records that the plan reads in full.
double agreement(const HeaderPlan& plan, const std::vector<std::string_view>& lines) {
  if (lines.empty()) {
    return 0;
  }
  HeaderParser parser(plan);
  Arena arena;
  Header header;
  ParsedTime time;
  std::size_t full = 0;
  for (const std::string_view line : lines) {
    parser.parse(line, arena, header, time);
    full += header.quality == HeaderQuality::kFull ? 1 : 0;
  }
  return static_cast<double>(full) / static_cast<double>(lines.size());
}

std::vector<std::string_view> first_lines(const RecordBatch& records, std::size_t most) {
  std::vector<std::string_view> lines;
  for (const Record& record : records.records()) {
    if (lines.size() == most) {
      break;
    }
    // An object or a journal entry is not known by its first line.
    const bool whole = record.text.starts_with("{\n") || record.text.starts_with("__CURSOR=");
    lines.push_back(record.text.substr(0, whole ? std::string_view::npos : record.text.find('\n')));
  }
  return lines;
}

bool is_regular(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

// Copies everything that can be read from `path` ("-": standard input) into an unlinked temporary file.
Result<FileDescriptor> spool_input(const std::string& path, const RunControl& control) {
  FileDescriptor opened;
  int from = STDIN_FILENO;
  if (path != "-") {
    opened = FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened.valid()) {
      return make_error(ErrorCode::kInput, "cannot open: " + errno_text(errno), path);
    }
    from = opened.get();
  }
  const char* directory = std::getenv("TMPDIR");
  std::string name = std::string(directory != nullptr && *directory != '\0' ? directory : "/tmp") + "/logdetect.XXXXXX";
  FileDescriptor to(::mkostemp(name.data(), O_CLOEXEC));
  if (!to.valid()) {
    return make_error(ErrorCode::kOutput, "cannot create a temporary file: " + errno_text(errno), name,
                      "set TMPDIR to a directory with room for the input");
  }
  ::unlink(name.c_str());
  std::string block(1 << 20, '\0');
  while (true) {
    if (control.stopping()) {
      return make_error(ErrorCode::kInterrupted, "interrupted");
    }
    const ssize_t got = ::read(from, block.data(), block.size());
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return make_error(ErrorCode::kInput, "cannot read: " + errno_text(errno), path == "-" ? "<stdin>" : path);
    }
    if (got == 0) {
      return to;
    }
    LD_TRY(write_all(to.get(), std::string_view(block.data(), static_cast<std::size_t>(got)), "temporary file"));
  }
}

}  // namespace

PlanChooser::PlanChooser(std::vector<HeaderPlan> known, bool fixed, std::size_t sample_lines, std::size_t fewest_lines)
    : fixed_(fixed), sample_lines_(sample_lines), fewest_lines_(fewest_lines) {
  for (HeaderPlan& plan : known) {
    known_.push_back(std::make_shared<const HeaderPlan>(std::move(plan)));
  }
}

std::shared_ptr<const HeaderPlan> PlanChooser::plan_for(const RecordBatch& records) {
  std::shared_ptr<const HeaderPlan>& plan = by_source_[records.records().front().position.source];
  if (!plan) {
    if (records.size() < fewest_lines_ && !known_.empty()) {
      const auto best = fixed_ ? nullptr : best_known(first_lines(records, sample_lines_));
      return best ? best : known_.front();
    }
    plan = choose(records);
    if (std::find(used_.begin(), used_.end(), plan) == used_.end()) {
      used_.push_back(plan);
    }
  }
  return plan;
}

std::shared_ptr<const HeaderPlan> PlanChooser::choose(const RecordBatch& records) {
  if (fixed_ && !known_.empty()) {
    return known_.front();
  }
  const std::vector<std::string_view> lines = first_lines(records, sample_lines_);
  if (auto known = best_known(lines)) {
    return known;
  }
  HeaderPlan detected = detect_header(lines);
  for (const auto& plan : known_) {
    // Files without a header all look alike; and a model holds no more than kMaxPlans.
    if (known_.size() >= kMaxPlans || (plan->kind == detected.kind && plan->describe() == detected.describe())) {
      return plan;
    }
  }
  known_.push_back(std::make_shared<const HeaderPlan>(std::move(detected)));
  return known_.back();
}

std::shared_ptr<const HeaderPlan> PlanChooser::best_known(const std::vector<std::string_view>& lines) const {
  std::shared_ptr<const HeaderPlan> chosen;
  double best = kFits;
  for (const auto& plan : known_) {
    const double share = agreement(*plan, lines);
    if (share >= best && (!chosen || share > best)) {
      best = share;
      chosen = plan;
    }
  }
  return chosen;
}

std::vector<HeaderPlan> PlanChooser::used() const {
  std::vector<HeaderPlan> all;
  for (const auto& plan : used_) {
    all.push_back(*plan);
  }
  return all;
}

Result<std::vector<HeaderPlan>> configured_plans(const HeaderOptions& options) {
  if (options.format == "auto") {
    return std::vector<HeaderPlan>();
  }
  if (options.format == "none") {
    return std::vector<HeaderPlan>(1);
  }
  std::vector<FormatSpec> formats;
  if (options.format.ends_with(".yaml") || options.format.ends_with(".yml")) {
    constexpr std::size_t kMaxBytes = 1 << 20;
    LD_ASSIGN(const std::string text, read_file(options.format, kMaxBytes, ErrorCode::kConfig));
    LD_ASSIGN(formats, load_formats(text, options.format));
  } else {
    LD_ASSIGN(std::vector<FormatSpec> builtin, builtin_formats());
    std::vector<std::string_view> names = {"auto", "none"};
    for (const FormatSpec& format : builtin) {
      names.push_back(format.name);
      if (format.name == options.format) {
        formats.push_back(format);
      }
    }
    if (formats.empty()) {
      const std::string_view near = nearest_name(options.format, names);
      return make_error(ErrorCode::kConfig, "unknown log format \"" + options.format + "\"", "header.format",
                        near.empty() ? "logdetect formats lists them" : "did you mean \"" + std::string(near) + "\"?");
    }
  }
  std::vector<HeaderPlan> plans;
  for (const FormatSpec& format : formats) {
    LD_ASSIGN(HeaderPlan plan, compile_format(format));
    plans.push_back(std::move(plan));
  }
  return plans;
}

Result<OpenedInputs> prepare_inputs(const std::vector<std::string>& arguments, const IngestOptions& options,
                                    const RunControl* reread) {
  OpenedInputs opened;
  std::vector<std::string> good;
  for (const std::string& argument : arguments) {
    if (auto expanded = expand_inputs({argument}, options); expanded.ok()) {
      good.push_back(argument);
    } else {
      opened.problems.push_back(expanded.error());
    }
  }
  if (good.empty() && !opened.problems.empty()) {
    return opened.problems.front();
  }
  LD_ASSIGN(opened.inputs, expand_inputs(good, options));
  if (reread == nullptr) {
    return opened;
  }
  for (Input& input : opened.inputs) {
    if (input.path != "-" && is_regular(input.path)) {
      continue;
    }
    LD_ASSIGN(FileDescriptor copy, spool_input(input.path, *reread));
    input.path = "/proc/self/fd/" + std::to_string(copy.get());
    opened.spool.push_back(std::move(copy));
  }
  return opened;
}

}  // namespace logdetect
