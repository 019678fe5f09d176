//===- enter-guest.c - The only program of the booted kernel -------------===//
//
// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Does the kernel that was laid out again still enter a guest? Runs a virtual
// machine with one vCPU, whose few instructions add up 1 to 100 and store the
// sum at an address that is no memory; checks the exit that this makes, prints
// "guest ran", and powers off. Before that it loads what lies in /modules, in
// the order of the names 0, 1, …, and says so of each.
//
//===----------------------------------------------------------------------===//

#include "init.h"
#include <asm/kvm.h>
#include <linux/kvm.h>

#define GUEST_CODE 0x40000000ul
#define NO_MEMORY 0x10000000ul
#define SUM (100u * 101u / 2)

extern const char guest_begin[], guest_end[];

static void set_register(int vcpu, uint64_t id, uint64_t value) {
  struct kvm_one_reg reg = {.id = id, .addr = (uint64_t)&value};
  must("KVM_SET_ONE_REG failed", ioctl(vcpu, KVM_SET_ONE_REG, &reg));
}

#if defined(__aarch64__)
asm(".pushsection .rodata\n"
    ".balign 4\n"
    "guest_begin:\n"
    "  mov w0, #0\n"
    "  mov w1, #100\n"
    "1: add w0, w0, w1\n"
    "  subs w1, w1, #1\n"
    "  b.ne 1b\n"
    "  mov x2, #0x10000000\n"
    "  str w0, [x2]\n"
    "2: b 2b\n"
    "guest_end:\n"
    ".popsection\n");

static void start_at(int vm, int vcpu, uint64_t address) {
  struct kvm_vcpu_init target;
  must("KVM_ARM_PREFERRED_TARGET failed",
       ioctl(vm, KVM_ARM_PREFERRED_TARGET, &target));
  must("KVM_ARM_VCPU_INIT failed", ioctl(vcpu, KVM_ARM_VCPU_INIT, &target));
  set_register(vcpu,
               KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE |
                   KVM_REG_ARM_CORE_REG(regs.pc),
               address);
}
#elif defined(__riscv)
asm(".pushsection .rodata\n"
    ".balign 4\n"
    "guest_begin:\n"
    "  li a0, 0\n"
    "  li a1, 100\n"
    "1: add a0, a0, a1\n"
    "  addi a1, a1, -1\n"
    "  bnez a1, 1b\n"
    "  li a2, 0x10000000\n"
    "  sw a0, 0(a2)\n"
    "2: j 2b\n"
    "guest_end:\n"
    ".popsection\n");

static void start_at(int vm, int vcpu, uint64_t address) {
  (void)vm;
  set_register(vcpu,
               KVM_REG_RISCV | KVM_REG_SIZE_U64 | KVM_REG_RISCV_CORE |
                   KVM_REG_RISCV_CORE_REG(regs.pc),
               address);
}
#endif

static int open_kvm(void) {
  mkdir("/dev", 0755);
  // Where the kernel mounted it already, or its devices stand in the archive.
  mount("devtmpfs", "/dev", "devtmpfs", 0, 0);
  return open("/dev/kvm", O_RDWR);
}

static void load_modules(void) {
  char path[] = "/modules/0";
  for (; path[9] <= '9'; ++path[9]) {
    int module = open(path, O_RDONLY);
    if (module < 0)
      return;
    if (syscall(__NR_finit_module, module, "", 0) < 0) {
      printf("init: errno %d\n", errno);
      end("FAULT: a module cannot be loaded");
    }
    printf("init: module %c loaded\n", path[9]);
    close(module);
  }
}

static struct kvm_run *run_guest(int kvm) {
  int vm = must("KVM_CREATE_VM failed", ioctl(kvm, KVM_CREATE_VM, 0));
  void *memory =
      mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    end("no memory for the guest");
  memcpy(memory, guest_begin, guest_end - guest_begin);
  struct kvm_userspace_memory_region region = {
      .guest_phys_addr = GUEST_CODE,
      .memory_size = 4096,
      .userspace_addr = (uint64_t)memory,
  };
  must("KVM_SET_USER_MEMORY_REGION failed",
       ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region));
  int vcpu = must("KVM_CREATE_VCPU failed", ioctl(vm, KVM_CREATE_VCPU, 0));
  int size = must("KVM_GET_VCPU_MMAP_SIZE failed",
                  ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0));
  struct kvm_run *run =
      mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
  if (run == MAP_FAILED)
    end("the vCPU's state cannot be mapped");
  start_at(vm, vcpu, GUEST_CODE);
  must("KVM_RUN failed", ioctl(vcpu, KVM_RUN, 0));
  return run;
}

static void enter_guest(void) {
  int kvm = must("FAULT: /dev/kvm cannot be opened", open_kvm());
  struct kvm_run *run = run_guest(kvm);
  if (run->exit_reason != KVM_EXIT_MMIO || !run->mmio.is_write ||
      run->mmio.phys_addr != NO_MEMORY || run->mmio.len != 4) {
    printf("init: exit reason %d\n", (int)run->exit_reason);
    end("FAULT: the guest made another exit");
  }
  uint32_t stored;
  memcpy(&stored, run->mmio.data, sizeof(stored));
  printf("init: the guest stored %d, expected %d\n", (int)stored, (int)SUM);
  end(stored == SUM ? "guest ran" : "FAULT: the guest stored another value");
}

int main(void) {
  load_modules();
  enter_guest();
  return 0;
}
