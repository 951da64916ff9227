#include "loggen/generate.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "logdetect/base/file.h"
#include "loggen/render.h"
#include "loggen/world.h"

namespace logdetect::loggen {
namespace {

// A buffered output file; inert when it has no name.
class Output {
 public:
  [[nodiscard]] Result<void> open(const std::string& path) {
    name_ = path;
    active_ = !path.empty();
    if (!active_ || path == "-") {
      return {};
    }
    file_ = FileDescriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!file_.valid()) {
      return make_error(ErrorCode::kOutput, "cannot create: " + errno_text(errno), path);
    }
    return {};
  }
  [[nodiscard]] bool active() const { return active_; }
  std::string& buffer() { return buffer_; }
  [[nodiscard]] Result<void> flush_when(std::size_t bytes) {
    if (buffer_.size() < bytes || !active_) {
      return {};
    }
    LD_TRY(write_all(file_.valid() ? file_.get() : STDOUT_FILENO, buffer_, name_));
    buffer_.clear();
    return {};
  }

 private:
  std::string name_;
  bool active_ = false;
  FileDescriptor file_;
  std::string buffer_;
};

constexpr std::size_t kBufferBytes = std::size_t{1} << 20;

void append_label(std::string& out, std::uint64_t line, Category category) {
  out += std::to_string(line);
  out += is_anomalous(category) ? ",1," : ",0,";
  out += category_name(category);
  out += '\n';
}

Result<void> write_faults(const Options& options, const World& world) {
  Output faults;
  LD_TRY(faults.open(options.faults));
  faults.buffer() = "begin,end,name\n";
  for (const Incident& incident : world.incidents()) {
    if (is_anomalous(incident.kind)) {
      append_rfc3339(faults.buffer(), incident.begin, false);
      faults.buffer() += ',';
      append_rfc3339(faults.buffer(), incident.end, false);
      faults.buffer() += ",\"" + incident.name + "\"\n";
    }
  }
  return faults.flush_when(0);
}

}  // namespace

Result<Totals> generate(const Options& options) {
  World world(options);
  LD_TRY(write_faults(options, world));
  Output log;
  Output labels;
  LD_TRY(log.open(options.output));
  LD_TRY(labels.open(options.labels));
  labels.buffer() = "line,label,category\n";
  Renderer renderer(options.format);
  Totals totals;
  while (const std::optional<Line> line = world.next()) {
    renderer.append(log.buffer(), *line);
    LD_TRY(log.flush_when(kBufferBytes));
    const std::uint64_t count = line_count(message(line->say), options.format);
    for (std::uint64_t i = 1; labels.active() && i <= count; ++i) {
      append_label(labels.buffer(), totals.lines + i, line->category);
    }
    LD_TRY(labels.flush_when(kBufferBytes));
    totals.lines += count;
    totals.anomalous_lines += is_anomalous(line->category) ? count : 0;
    ++totals.records;
  }
  LD_TRY(log.flush_when(0));
  LD_TRY(labels.flush_when(0));
  return totals;
}

}  // namespace logdetect::loggen
