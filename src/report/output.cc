#include "logdetect/report/output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "logdetect/base/file.h"

namespace logdetect {
namespace {

constexpr std::size_t kBufferBytes = 65'536;
constexpr std::string_view kStandardOutput = "standard output";

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

// A descriptor written to in pieces of about kBufferBytes. A piece ends where a write() of the caller ends, so that a
// reader, or a full disk, cuts between records.
class BufferedOutput : public Output {
 public:
  BufferedOutput(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  Result<void> write(std::string_view bytes) override {
    if (buffer_.size() + bytes.size() > kBufferBytes) {
      LD_TRY(flush());
    }
    if (bytes.size() >= kBufferBytes) {
      return write_piece(bytes);
    }
    buffer_.append(bytes);
    return {};
  }

  Result<void> flush() override {
    if (!buffer_.empty()) {
      LD_TRY(write_piece(buffer_));
      buffer_.clear();
    }
    return {};
  }

  Result<void> commit() override { return flush(); }

 protected:
  virtual Result<void> write_piece(std::string_view bytes) { return write_all(fd_, bytes, name_); }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  int fd_;
  std::string name_;
  std::string buffer_;
};

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

class StringOutput final : public Output {
 public:
  explicit StringOutput(std::string& target) : target_(target) {}
  Result<void> write(std::string_view bytes) override {
    target_.append(bytes);
    return {};
  }
  Result<void> flush() override { return {}; }
  Result<void> commit() override { return {}; }

 private:
  std::string& target_;
};

Result<std::unique_ptr<Output>> open_direct(const std::string& path) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.valid()) {
    return open_error(path, errno);
  }
  return std::unique_ptr<Output>(std::make_unique<DirectOutput>(std::move(file), path));
}

// The file a path stands for: behind a symbolic link, so that the link itself is not replaced.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? std::string(real.get()) : path;
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

}  // namespace

Result<std::unique_ptr<Output>> open_output(const std::string& path) {
  if (path.empty() || path == "-") {
    return std::unique_ptr<Output>(std::make_unique<BufferedOutput>(STDOUT_FILENO, std::string(kStandardOutput)));
  }
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    return open_error(path, EISDIR);
  }
  if (exists && !S_ISREG(status.st_mode)) {
    return open_direct(path);
  }
  const std::string target = exists ? resolved(path) : path;
  std::string temporary;
  FileDescriptor file = create_temporary(target, temporary);
  if (!file.valid()) {
    return open_error(path, errno);
  }
  if (exists && ::fchmod(file.get(), status.st_mode & 07777U) != 0) {
    ::unlink(temporary.c_str());
    return open_error(path, errno);
  }
  return std::unique_ptr<Output>(std::make_unique<ReplacingOutput>(std::move(file), std::move(temporary), target));
}

Result<std::unique_ptr<Output>> append_output(const std::string& path) {
  if (path.empty() || path == "-") {
    return open_output(path);
  }
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
    return open_direct(path);
  }
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

std::unique_ptr<Output> string_output(std::string& target) {
  return std::make_unique<StringOutput>(target);
}

}  // namespace logdetect
