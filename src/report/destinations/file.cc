#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "logdetect/base/file.h"
#include "report/buffered_output.h"

namespace logdetect {
namespace {

std::string parent_directory(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) {
    return ".";
  }
  return slash == 0 ? "/" : path.substr(0, slash);
}

Error open_error(const std::string& path, int code) {
  std::string hint;
  if (code == ENOENT) {
    hint = "create the directory \"" + parent_directory(path) + "\" first";
  } else if (code == EACCES || code == EPERM || code == EROFS) {
    hint = "choose a place you may write to with --output";
  } else if (code == EISDIR) {
    hint = "name a file in it";
  }
  return make_error(ErrorCode::kOutput, "cannot create: " + errno_text(code), path, std::move(hint));
}

// Devices, pipes: nothing that could be replaced.
class DirectOutput final : public BufferedOutput {
 public:
  DirectOutput(FileDescriptor file, const std::string& path)
      : BufferedOutput(file.get(), path), file_(std::move(file)) {}

 private:
  FileDescriptor file_;
};

// Bytes go to a temporary name beside `path`, which takes its place at commit().
class ReplacingOutput final : public BufferedOutput {
 public:
  ReplacingOutput(FileDescriptor file, std::string temporary, const std::string& path)
      : BufferedOutput(file.get(), path), file_(std::move(file)), temporary_(std::move(temporary)) {}
  ReplacingOutput(const ReplacingOutput&) = delete;
  ReplacingOutput& operator=(const ReplacingOutput&) = delete;
  ~ReplacingOutput() override {
    if (!temporary_.empty()) {
      ::unlink(temporary_.c_str());
    }
  }

  Result<void> commit() override {
    LD_TRY(flush());
    // Before the rename: after a crash the name must not stand for an empty file.
    if (::fsync(fd()) != 0) {
      return make_error(ErrorCode::kOutput, "cannot flush to disk: " + errno_text(errno), name());
    }
    if (::rename(temporary_.c_str(), name().c_str()) != 0) {
      return make_error(ErrorCode::kOutput, "cannot put the new file in place: " + errno_text(errno), name());
    }
    temporary_.clear();
    // Makes the rename durable; some file systems refuse fsync on directories, which is no failure of ours.
    const FileDescriptor directory(::open(parent_directory(name()).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.valid()) {
      ::fsync(directory.get());
    }
    return {};
  }

  Result<void> abandon() override { return {}; }  // the destructor removes what was written

 private:
  FileDescriptor file_;
  std::string temporary_;
};

// Appends whole pieces: a piece that could not be written to its end is taken back, so that no torn line stays behind.
class AppendingOutput final : public BufferedOutput {
 public:
  AppendingOutput(FileDescriptor file, const std::string& path)
      : BufferedOutput(file.get(), path), file_(std::move(file)) {}

 private:
  Result<void> write_piece(std::string_view bytes) override {
    struct stat before {};
    const bool known = ::fstat(fd(), &before) == 0 && S_ISREG(before.st_mode);
    Result<void> written = write_all(fd(), bytes, name());
    if (!written && known && ::ftruncate(fd(), before.st_size) != 0) {
      return make_error(ErrorCode::kOutput, written.error().message + "; a partial line stays at the end", name());
    }
    return written;
  }

  FileDescriptor file_;
};

Result<std::unique_ptr<Output>> open_direct(const std::string& path) {
  // O_NOCTTY: a terminal given as output must not become the controlling one.
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.valid()) {
    return open_error(path, errno);
  }
  return std::unique_ptr<Output>(std::make_unique<DirectOutput>(std::move(file), path));
}

// The file a path stands for, without symbolic links; empty if there is none.
std::string real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : std::string();
}

// A new file beside `target`; `name` is what it is called. Names that exist, links among them, are passed over.
FileDescriptor create_temporary(const std::string& target, std::string& name) {
  constexpr int kAttempts = 100;
  FileDescriptor file;
  for (int attempt = 0; attempt < kAttempts && !file.valid(); ++attempt) {
    name = target + ".tmp." + std::to_string(::getpid()) + "." + std::to_string(attempt);
    file = FileDescriptor(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (!file.valid() && errno != EEXIST) {
      break;
    }
  }
  return file;
}

bool ends_without_newline(int fd, const struct stat& status) {
  char last = '\n';
  return S_ISREG(status.st_mode) && status.st_size > 0 && ::pread(fd, &last, 1, status.st_size - 1) == 1 &&
         last != '\n';
}

Result<std::unique_ptr<Output>> open_replacing(const std::string& path) {
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    return open_error(path, EISDIR);
  }
  if (exists && !S_ISREG(status.st_mode)) {
    return open_direct(path);
  }
  // A symbolic link stays; the file behind it is replaced.
  const std::string real = exists ? real_path(path) : std::string();
  const std::string& target = real.empty() ? path : real;
  std::string temporary;
  FileDescriptor file = create_temporary(target, temporary);
  if (!file.valid()) {
    return open_error(path, errno);
  }
  constexpr mode_t kPermissionBits = 07777;
  // The new file keeps the permissions of the old one.
  if (exists && ::fchmod(file.get(), status.st_mode & kPermissionBits) != 0) {
    ::unlink(temporary.c_str());
    return open_error(path, errno);
  }
  return std::unique_ptr<Output>(std::make_unique<ReplacingOutput>(std::move(file), std::move(temporary), target));
}

Result<std::unique_ptr<Output>> open_appending(const std::string& path) {
  struct stat status {};
  // A directory is left to open(), whose error says so.
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
    return open_direct(path);
  }
  // Readable too, for a look at the last byte.
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666));
  if (!file.valid()) {
    return open_error(path, errno);
  }
  const bool torn = ::fstat(file.get(), &status) == 0 && ends_without_newline(file.get(), status);
  auto output = std::make_unique<AppendingOutput>(std::move(file), path);
  if (torn) {
    // What a crash cut short must not swallow the first new line.
    LD_TRY(output->write("\n"));
  }
  return std::unique_ptr<Output>(std::move(output));
}

Result<std::unique_ptr<Output>> open(const std::string& path, OutputMode mode) {
  if (path.empty()) {
    return make_error(ErrorCode::kUsage, "an output names no file", "--output", "file:///var/tmp/result.json");
  }
  return mode == OutputMode::kAppend ? open_appending(path) : open_replacing(path);
}

// A file that is not there yet has no identity: its directory and its name stand for it.
std::string place(const std::string& path) {
  if (std::string file = file_identity(path); !file.empty()) {
    return file;
  }
  if (std::string real = real_path(path); !real.empty()) {  // no regular file, such as a device
    return real;
  }
  return real_path(parent_directory(path)) + '/' + path.substr(path.rfind('/') + 1);
}

}  // namespace

const OutputEntry& file_output_entry() {
  static const OutputEntry entry{kFileScheme, "FILE", "a file: put in place when complete, appended to by watch",
                                 "",          open,   place};
  return entry;
}

}  // namespace logdetect
