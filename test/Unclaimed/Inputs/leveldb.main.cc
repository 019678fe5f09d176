// Part of the section-placement project, under the Apache License v2.0 with
// LLVM Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Writes, overwrites, deletes and reads keys of a database in memory, and
// prints what is left.

#include "helpers/memenv/memenv.h"
#include "leveldb/db.h"
#include "leveldb/env.h"
#include "leveldb/write_batch.h"
#include <cstdio>
#include <memory>
#include <string>

int main() {
  std::unique_ptr<leveldb::Env> Memory(
      leveldb::NewMemEnv(leveldb::Env::Default()));
  leveldb::Options Options;
  Options.create_if_missing = true;
  Options.env = Memory.get();
  Options.write_buffer_size = 64 << 10; // Many tables.
  leveldb::DB *Opened = nullptr;
  leveldb::Status S = leveldb::DB::Open(Options, "/db", &Opened);
  if (!S.ok()) {
    std::printf("%s\n", S.ToString().c_str());
    return 1;
  }
  std::unique_ptr<leveldb::DB> DB(Opened);
  for (int I = 0; I < 20000; ++I) {
    leveldb::WriteBatch Batch;
    Batch.Put("key" + std::to_string(I * 7919 % 10007),
              std::string(I % 97, 'v') + std::to_string(I));
    if (I % 5 == 0)
      Batch.Delete("key" + std::to_string(I % 10007));
    DB->Write(leveldb::WriteOptions(), &Batch);
  }
  DB->CompactRange(nullptr, nullptr);
  unsigned long Sum = 0, Count = 0;
  std::unique_ptr<leveldb::Iterator> It(
      DB->NewIterator(leveldb::ReadOptions()));
  for (It->SeekToFirst(); It->Valid(); It->Next(), ++Count)
    for (char C : It->key().ToString() + It->value().ToString())
      Sum = Sum * 31 + static_cast<unsigned char>(C);
  std::printf("%lu keys, %lx\n", Count, Sum);
  return 0;
}
