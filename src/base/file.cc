#include "logdetect/base/file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

namespace logdetect {
namespace {

std::string parent_directory(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) {
    return ".";
  }
  return slash == 0 ? "/" : path.substr(0, slash);
}

Error output_error(const std::string& path, const std::string& what) {
  return make_error(ErrorCode::kOutput, what + ": " + errno_text(errno), path);
}

// Makes a rename durable. Some file systems refuse fsync on directories; that is no failure of ours.
void sync_directory(const std::string& path) {
  const FileDescriptor directory(::open(parent_directory(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.valid()) {
    ::fsync(directory.get());
  }
}

struct SizedFile {
  FileDescriptor descriptor;
  std::size_t size = 0;
};

// Opens a regular file of at most `max_bytes`.
Result<SizedFile> open_whole(const std::string& path, std::size_t max_bytes, ErrorCode code) {
  // O_NONBLOCK: opening a FIFO must not hang before it can be refused.
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) {
    return make_error(code, "cannot open: " + errno_text(errno), path);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) {
    return make_error(code, "cannot read: " + errno_text(errno), path);
  }
  if (!S_ISREG(status.st_mode)) {
    return make_error(code, "not a regular file", path);
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > max_bytes) {
    return make_error(code, "too large: " + std::to_string(size) + " bytes, at most " + std::to_string(max_bytes),
                      path);
  }
  return SizedFile{std::move(file), static_cast<std::size_t>(size)};
}

// Number of bytes read: fewer than `size` when the file became shorter.
Result<std::size_t> read_up_to(int fd, char* bytes, std::size_t size, const std::string& path, ErrorCode code) {
  std::size_t have = 0;
  while (have < size) {
    const ssize_t got = ::read(fd, bytes + have, size - have);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return make_error(code, "cannot read: " + errno_text(errno), path);
    }
    if (got == 0) {
      break;
    }
    have += static_cast<std::size_t>(got);
  }
  return have;
}

std::string identity(const struct stat& status) {
  return S_ISREG(status.st_mode) ? std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino) : std::string();
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void FileDescriptor::reset() {
  if (fd_ >= 0) {
    ::close(fd_);
    fd_ = -1;
  }
}

std::string file_identity(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? identity(status) : std::string();
}

std::string descriptor_identity(int fd) {
  struct stat status {};
  return ::fstat(fd, &status) == 0 ? identity(status) : std::string();
}

std::string errno_text(int code) {
  return std::generic_category().message(code);
}

Result<void> write_all(int fd, std::string_view bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) {
        continue;
      }
      if (errno == EPIPE) {
        return make_error(ErrorCode::kOutputClosed, "the reader closed the pipe", name);
      }
      return output_error(name, "cannot write");
    }
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Result<std::string> read_file(const std::string& path, std::size_t max_bytes, ErrorCode code) {
  LD_ASSIGN(const SizedFile file, open_whole(path, max_bytes, code));
  std::string bytes(file.size, '\0');
  LD_ASSIGN(const std::size_t have, read_up_to(file.descriptor.get(), bytes.data(), bytes.size(), path, code));
  bytes.resize(have);
  return bytes;
}

Result<SharedBytes> read_large_file(const std::string& path, std::size_t max_bytes, ErrorCode code) {
  LD_ASSIGN(const SizedFile file, open_whole(path, max_bytes, code));
  const std::size_t size = std::max<std::size_t>(file.size, 1);
  // The file itself is not mapped: one that is cut short meanwhile would end the program.
  void* const place = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (place == MAP_FAILED) {
    return make_error(code, "cannot read: " + errno_text(errno), path);
  }
  const std::shared_ptr<void> owner(place, [size](void* bytes) { ::munmap(bytes, size); });
  ::madvise(place, size, MADV_HUGEPAGE);  // a first touch of every small page costs more than the reading
  LD_ASSIGN(const std::size_t have,
            read_up_to(file.descriptor.get(), static_cast<char*>(place), file.size, path, code));
  return SharedBytes(owner, {static_cast<const char*>(place), have});
}

Result<void> replace_file(const std::string& path, std::string_view bytes) {
  const std::string temporary = path + ".tmp." + std::to_string(::getpid());
  FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file.valid()) {
    return output_error(path, "cannot create");
  }
  auto fail = [&](Error error) -> Result<void> {
    ::unlink(temporary.c_str());
    return error;
  };
  if (auto written = write_all(file.get(), bytes, path); !written) {
    return fail(written.error());
  }
  if (::fsync(file.get()) != 0) {
    return fail(output_error(path, "cannot flush to disk"));
  }
  file.reset();
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    return fail(output_error(path, "cannot put the new file in place"));
  }
  sync_directory(path);
  return {};
}

}  // namespace logdetect
