/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the marks of an ELF file: this program's own, made by the compiler; files
 * made by hand; and malformed files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/user.h>
#include <unistd.h>

#include "../../include/procwatch_mark.h"
#include "usdt/notes.h"

/* ---- this program */

static int passed;

static void pass_marks(int value)
{
	PROCWATCH_MARK("test plain");
	PROCWATCH_MARK_VALUE("test value", value);
	PROCWATCH_BEGIN("test section");
	PROCWATCH_END("test section");
	passed++;
}

static const struct pw_note *find(const struct pw_notes *notes, const char *name)
{
	for (size_t i = 0; i < notes->n; i++)
		if (!strcmp(notes->at[i].name, name))
			return &notes->at[i];
	fail_msg("no mark is called '%s'", name);
	return NULL;
}

static void finds_its_own_marks(void **state)
{
	static const char *const names[] = {"test plain", "test value", "test section.begin",
					    "test section.end"};
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct pw_notes notes;
	uint8_t nop[4];

	(void)state;
	pass_marks(7);
	assert_int_equal(passed, 1);
	assert_int_equal(pw_notes_read(&notes, fd), 0);
	assert_true(notes.n >= 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(pread(fd, nop, sizeof(nop), (off_t)find(&notes, names[i])->offset), 4);
#if defined(__x86_64__)
		assert_int_equal(nop[0], 0x90);
#elif defined(__aarch64__)
		assert_memory_equal(nop, "\x1f\x20\x03\xd5", 4);
#endif
	}
	assert_int_equal(find(&notes, "test plain")->value.kind, PW_OPERAND_NONE);
	assert_int_not_equal(find(&notes, "test value")->value.kind, PW_OPERAND_NONE);
	pw_notes_free(&notes);
	close(fd);
}

/* ---- operands */

struct operand_case {
	const char *text;
	bool good;
	struct pw_operand is;
};

#define NO PW_NO_REGISTER

static void check_operands(const struct operand_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct pw_operand o;
		const bool good = pw_operand_parse(&o, cases[i].text);

		if (good != cases[i].good)
			fail_msg("'%s' was %staken", cases[i].text, good ? "" : "not ");
		if (!good) {
			assert_int_equal(o.kind, PW_OPERAND_NONE);
			continue;
		}
		if (o.kind != cases[i].is.kind || o.offset != cases[i].is.offset ||
		    o.base != cases[i].is.base || o.index != cases[i].is.index ||
		    o.scale != cases[i].is.scale || o.size != cases[i].is.size ||
		    o.is_signed != cases[i].is.is_signed)
			fail_msg("'%s' was misread", cases[i].text);
	}
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CONSTANT(n, bytes, sign)                                                                             \
	{                                                                                                    \
		(uint64_t)(n), NO, NO, PW_OPERAND_CONSTANT, bytes, sign, 0                                   \
	}

static void reads_operands(void **state)
{
	static const struct operand_case cases[] = {
		{"-8@$-5", true, CONSTANT(-5, 8, 1)},
		{"4@$5", true, CONSTANT(5, 4, 0)},
		{"-4@-7 8@%rax", true, CONSTANT(-7, 4, 1)},
		{"8@$0x10", true, CONSTANT(16, 8, 0)},
		{"8@$18446744073709551615", true, CONSTANT(UINT64_MAX, 8, 0)},
		{"-8@$-9223372036854775808", true, CONSTANT(INT64_MIN, 8, 1)},
#if defined(__x86_64__)
#define AT(field) offsetof(struct user_regs_struct, field)
		{"-8@%rax", true, {0, AT(rax), NO, PW_OPERAND_REGISTER, 8, 1, 0}},
		{"8@rbx", true, {0, AT(rbx), NO, PW_OPERAND_REGISTER, 8, 0, 0}},
		{"-4@%r12d", true, {0, AT(r12), NO, PW_OPERAND_REGISTER, 4, 1, 0}},
		{"-2@%r8w", true, {0, AT(r8), NO, PW_OPERAND_REGISTER, 2, 1, 0}},
		{"1@%sil", true, {0, AT(rsi), NO, PW_OPERAND_REGISTER, 1, 0, 0}},
		{"-4@-20(%rbp)", true, {(uint64_t)-20, AT(rbp), NO, PW_OPERAND_MEMORY, 4, 1, 0}},
		{"8@(%rsp)", true, {0, AT(rsp), NO, PW_OPERAND_MEMORY, 8, 0, 0}},
		{"-2@32(%rsp,%rax,2)", true, {32, AT(rsp), AT(rax), PW_OPERAND_MEMORY, 2, 1, 1}},
		{"8@(%rdi,%rsi)", true, {0, AT(rdi), AT(rsi), PW_OPERAND_MEMORY, 8, 0, 0}},
		{"8@0x10(,%r9,8)", true, {16, NO, AT(r9), PW_OPERAND_MEMORY, 8, 0, 3}},
		{"-8@%xmm0", false, {0}},
		{"8@%ah", false, {0}},
		{"8@%rip", false, {0}},
#elif defined(__aarch64__)
		{"-8@x1", true, {0, 8, NO, PW_OPERAND_REGISTER, 8, 1, 0}},
		{"-4@w30", true, {0, 240, NO, PW_OPERAND_REGISTER, 4, 1, 0}},
		{"8@[sp]", true, {0, 248, NO, PW_OPERAND_MEMORY, 8, 0, 0}},
		{"-4@[sp, 12]", true, {12, 248, NO, PW_OPERAND_MEMORY, 4, 1, 0}},
		{"-4@[x29, -12]", true, {(uint64_t)-12, 232, NO, PW_OPERAND_MEMORY, 4, 1, 0}},
		{"8@x31", false, {0}},
#endif
	};

	(void)state;
	check_operands(cases, COUNT(cases));
}

static void refuses_what_it_cannot_look_up(void **state)
{
	static const struct operand_case cases[] = {
		{"", false, {0}},
		{" ", false, {0}},
		{"8", false, {0}},
		{"8@", false, {0}},
		{"@%rax", false, {0}},
		{"3@$1", false, {0}},
		{"-16@$1", false, {0}},
		{"8@$", false, {0}},
		{"8@$-", false, {0}},
		{"8@counter(%rip)", false, {0}},
		{"8@counter", false, {0}},
		{"8@(", false, {0}},
		{"8@(%rax", false, {0}},
		{"8@(%rax,", false, {0}},
		{"8@(%rax,%rbx,3)", false, {0}},
		{"8@(%rax,%rbx,16)", false, {0}},
		{"8@(%rax,%rbx,18446744073709551617)", false, {0}},
		{"8@%", false, {0}},
		{"8@%raxraxraxraxrax", false, {0}},
		{"8@$1x", false, {0}},
		{"8@$18446744073709551616", false, {0}},
		{"8@[", false, {0}},
		{"8@[sp", false, {0}},
		{"8@[sp, ", false, {0}},
		{"--8@$1", false, {0}},
		{"\xff@\xff", false, {0}},
		{"8@%rax)", false, {0}},
	};

	(void)state;
	check_operands(cases, COUNT(cases));
}

/* ---- files made by hand: one segment of code, one of data, a few sections */

#define CODE 0x401000u
#define DATA 0x402000u

enum { CODE_AT = 0x300, DATA_AT = 0x340, NOTES_AT = 0x400, NAMES_AT = 0x800, FILE_SIZE = 0x840 };
enum { NOTES = 1, BASE, NAMES, SECTIONS };

struct made {
	uint8_t bytes[FILE_SIZE];
	size_t notes; /* bytes of them */
};

static const char section_names[] = "\0.note.stapsdt\0.stapsdt.base\0.shstrtab";

static Elf64_Ehdr *head_of(struct made *f)
{
	return (Elf64_Ehdr *)(void *)f->bytes;
}

static Elf64_Shdr *section_of(struct made *f, int i)
{
	return (Elf64_Shdr *)(void *)(f->bytes + 0x100) + i;
}

static Elf64_Phdr *segment_of(struct made *f, int i)
{
	return (Elf64_Phdr *)(void *)(f->bytes + sizeof(Elf64_Ehdr)) + i;
}

static void begin(struct made *f)
{
	memset(f, 0, sizeof(*f));
	*head_of(f) = (Elf64_Ehdr)
	{
		.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT}, .e_type = ET_EXEC,
#if defined(__aarch64__)
		.e_machine = EM_AARCH64,
#else
		.e_machine = EM_X86_64,
#endif
		.e_version = EV_CURRENT, .e_phoff = sizeof(Elf64_Ehdr), .e_shoff = 0x100,
		.e_ehsize = sizeof(Elf64_Ehdr), .e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 2,
		.e_shentsize = sizeof(Elf64_Shdr), .e_shnum = SECTIONS, .e_shstrndx = NAMES,
	};
	*segment_of(f, 0) = (Elf64_Phdr){.p_type = PT_LOAD,
					 .p_flags = PF_R | PF_X,
					 .p_offset = CODE_AT,
					 .p_vaddr = CODE,
					 .p_filesz = 0x40,
					 .p_memsz = 0x40};
	*segment_of(f, 1) = (Elf64_Phdr){.p_type = PT_LOAD,
					 .p_flags = PF_R | PF_W,
					 .p_offset = DATA_AT,
					 .p_vaddr = DATA,
					 .p_filesz = 0x20,
					 .p_memsz = 0x100};
	*section_of(f, NOTES) =
		(Elf64_Shdr){.sh_name = 1, .sh_type = SHT_NOTE, .sh_offset = NOTES_AT, .sh_addralign = 4};
	*section_of(f, BASE) = (Elf64_Shdr){
		.sh_name = 15, .sh_type = SHT_PROGBITS, .sh_addr = DATA, .sh_offset = DATA_AT, .sh_size = 1};
	*section_of(f, NAMES) = (Elf64_Shdr){.sh_name = 29,
					     .sh_type = SHT_STRTAB,
					     .sh_offset = NAMES_AT,
					     .sh_size = sizeof(section_names)};
	memcpy(f->bytes + NAMES_AT, section_names, sizeof(section_names));
}

static void add_bytes(struct made *f, const void *bytes, size_t n)
{
	assert_true(f->notes + n <= NAMES_AT - NOTES_AT);
	memcpy(f->bytes + NOTES_AT + f->notes, bytes, n);
	f->notes += n;
	section_of(f, NOTES)->sh_size = f->notes;
}

/* Texts: provider, name and arguments, each with its NUL. */
static void add_note(struct made *f, uint32_t type, const char *owner, uint64_t at, uint64_t base,
		     uint64_t semaphore, const char *texts, size_t n)
{
	const uint64_t addresses[] = {at, base, semaphore};
	const uint32_t head[] = {(uint32_t)strlen(owner) + 1, (uint32_t)(sizeof(addresses) + n), type};
	static const char zeros[4];

	add_bytes(f, head, sizeof(head));
	add_bytes(f, owner, head[0]);
	add_bytes(f, zeros, -head[0] & 3);
	add_bytes(f, addresses, sizeof(addresses));
	add_bytes(f, texts, n);
	add_bytes(f, zeros, -n & 3);
}

#define TEXTS(provider, name, arguments)                                                                     \
	provider "\0" name "\0" arguments, sizeof(provider "\0" name "\0" arguments)

static int read_made(const struct made *f, size_t size, struct pw_notes *notes)
{
	int fd = memfd_create("made", MFD_CLOEXEC), err;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, f->bytes, size), (ssize_t)size);
	err = pw_notes_read(notes, fd);
	close(fd);
	return err;
}

static void reads_a_made_file(void **state)
{
	struct pw_notes notes;
	struct made f;

	(void)state;
	begin(&f);
	add_note(&f, 3, "stapsdt", CODE + 4, DATA, 0, TEXTS("procwatch", "one", ""));
	add_note(&f, 3, "stapsdt", CODE + 4, DATA, 0, TEXTS("other", "not ours", ""));
	add_note(&f, 4, "stapsdt", CODE + 4, DATA, 0, TEXTS("procwatch", "another type", ""));
	add_note(&f, 3, "Linuxxx", CODE + 4, DATA, 0, TEXTS("procwatch", "another owner", ""));
	add_note(&f, 3, "stapsdt", CODE + 9, DATA, DATA + 6, TEXTS("procwatch", "two", "-8@$5"));
	add_note(&f, 3, "stapsdt", CODE + 0x3f, DATA, 0,
		 TEXTS("procwatch", "a name that is longer than any name may be", "8@nowhere"));
	assert_int_equal(read_made(&f, FILE_SIZE, &notes), 0);
	assert_int_equal(notes.n, 3);
	assert_string_equal(notes.at[0].name, "one");
	assert_int_equal(notes.at[0].offset, CODE_AT + 4);
	assert_int_equal(notes.at[0].semaphore, 0);
	assert_string_equal(notes.at[1].name, "two");
	assert_int_equal(notes.at[1].offset, CODE_AT + 9);
	assert_int_equal(notes.at[1].semaphore, DATA_AT + 6);
	assert_int_equal(notes.at[1].value.kind, PW_OPERAND_CONSTANT);
	assert_string_equal(notes.at[2].name, "a name that is longer than any ");
	assert_int_equal(notes.at[2].offset, CODE_AT + 0x3f);
	assert_int_equal(notes.at[2].value.kind, PW_OPERAND_NONE);
	pw_notes_free(&notes);
}

/* Prelinking moves everything but the addresses in notes: the base shows by how much. */
static void follows_a_moved_base(void **state)
{
	struct pw_notes notes;
	struct made f;

	(void)state;
	begin(&f);
	add_note(&f, 3, "stapsdt", 0x1004, DATA - CODE + 0x1000, DATA - CODE + 0x1002,
		 TEXTS("procwatch", "moved", ""));
	assert_int_equal(read_made(&f, FILE_SIZE, &notes), 0);
	assert_int_equal(notes.n, 1);
	assert_int_equal(notes.at[0].offset, CODE_AT + 4);
	assert_int_equal(notes.at[0].semaphore, DATA_AT + 2);
	pw_notes_free(&notes);
}

/* ---- malformed files: a sound note, then one that is not */

static void assert_second_is_refused(struct made *f)
{
	struct pw_notes notes;

	assert_int_equal(read_made(f, FILE_SIZE, &notes), -EBADMSG);
	assert_int_equal(notes.n, 1);
	assert_string_equal(notes.at[0].name, "sound");
	pw_notes_free(&notes);
}

static void begin_sound(struct made *f)
{
	begin(f);
	add_note(f, 3, "stapsdt", CODE, DATA, 0, TEXTS("procwatch", "sound", ""));
}

static void refuses_damaged_notes(void **state)
{
	static const uint32_t endless[] = {8, 0xfffffff0u, 3}, nameless[] = {0xfffffff0u, 8, 3};
	struct made f;

	(void)state;
	begin_sound(&f);
	add_note(&f, 3, "stapsdt", CODE, DATA, 0, "", 0); /* no texts */
	assert_second_is_refused(&f);
	begin_sound(&f);
	add_note(&f, 3, "stapsdt", CODE, DATA, 0, "procwatch\0name\0without an end", 31 - 2);
	assert_second_is_refused(&f);
	begin_sound(&f);
	add_note(&f, 3, "stapsdt", CODE + 0x40, DATA, 0, TEXTS("procwatch", "behind the code", ""));
	assert_second_is_refused(&f);
	begin_sound(&f);
	add_note(&f, 3, "stapsdt", DATA, DATA, 0, TEXTS("procwatch", "in the data", ""));
	assert_second_is_refused(&f);
	begin_sound(&f);
	add_note(&f, 3, "stapsdt", CODE, DATA, DATA + 0x40, TEXTS("procwatch", "semaphore in no file", ""));
	assert_second_is_refused(&f);
	begin_sound(&f);
	add_bytes(&f, endless, sizeof(endless));
	add_bytes(&f, "stapsdt", 8);
	assert_second_is_refused(&f);
	begin_sound(&f);
	add_bytes(&f, nameless, sizeof(nameless));
	assert_second_is_refused(&f);
	begin_sound(&f);
	add_bytes(&f, "stap", 4); /* less than a head */
	assert_second_is_refused(&f);
}

static void finds_nothing_where_nothing_can_be(void **state)
{
	static const char script[] = "#!/bin/sh\necho procwatch\n";
	struct pw_notes notes;
	struct made f;

	(void)state;
	begin_sound(&f);
	head_of(&f)->e_machine = EM_386;
	assert_int_equal(read_made(&f, FILE_SIZE, &notes), 0);
	assert_int_equal(notes.n, 0);
	begin_sound(&f);
	head_of(&f)->e_ident[EI_CLASS] = ELFCLASS32;
	assert_int_equal(read_made(&f, FILE_SIZE, &notes), 0);
	assert_int_equal(notes.n, 0);
	begin_sound(&f);
	section_of(&f, NOTES)->sh_type = SHT_NOBITS;
	assert_int_equal(read_made(&f, FILE_SIZE, &notes), 0);
	assert_int_equal(notes.n, 0);
	memcpy(f.bytes, script, sizeof(script));
	assert_int_equal(read_made(&f, sizeof(script), &notes), 0);
	assert_int_equal(notes.n, 0);
	assert_int_equal(read_made(&f, 0, &notes), 0);
	assert_int_equal(notes.n, 0);
	assert_int_equal(pw_notes_read(&notes, -1), 0);
	assert_int_equal(notes.n, 0);
}

/* Whatever changes in a file, the reader stays within its bounds. */
static void check_whatever_comes(const struct made *f, size_t size)
{
	struct pw_notes notes;
	const int err = read_made(f, size, &notes);

	assert_true(err == 0 || err == -EBADMSG);
	for (size_t i = 0; i < notes.n; i++) {
		assert_true(memchr(notes.at[i].name, '\0', PW_MARK_LEN) != NULL);
		assert_true(notes.at[i].name[0] != '\0');
		assert_true(notes.at[i].value.scale <= 3);
	}
	pw_notes_free(&notes);
}

static void survives_any_damage(void **state)
{
	uint32_t random = 1;
	struct made sound;

	(void)state;
	begin_sound(&sound);
	add_note(&sound, 3, "stapsdt", CODE + 9, DATA, DATA + 6,
		 TEXTS("procwatch", "two", "-8@16(%rax,%rbx,4)"));
	for (size_t size = 0; size < FILE_SIZE; size += 7)
		check_whatever_comes(&sound, size);
	for (int round = 0; round < 20000; round++) {
		struct made f = sound;

		for (int n = 0; n < 1 + round % 4; n++) {
			random = random * 1664525u + 1013904223u;
			f.bytes[(random >> 8) % (NOTES_AT + f.notes)] = (uint8_t)(random >> 24);
		}
		check_whatever_comes(&f, FILE_SIZE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_its_own_marks),
		cmocka_unit_test(reads_operands),
		cmocka_unit_test(refuses_what_it_cannot_look_up),
		cmocka_unit_test(reads_a_made_file),
		cmocka_unit_test(follows_a_moved_base),
		cmocka_unit_test(refuses_damaged_notes),
		cmocka_unit_test(finds_nothing_where_nothing_can_be),
		cmocka_unit_test(survives_any_damage),
	};

	return cmocka_run_group_tests_name("notes", tests, NULL, NULL);
}
