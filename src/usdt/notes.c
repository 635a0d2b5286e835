/* SPDX-License-Identifier: GPL-2.0-only */
#include "usdt/notes.h"

#include <errno.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/array.h"

#define SECTION	 ".note.stapsdt"
#define BASE	 ".stapsdt.base"
#define OWNER	 "stapsdt"
#define TYPE	 3
#define PROVIDER "procwatch"

struct elf_file {
	Elf *elf;
	/* The number of the section with the names of sections. */
	size_t names;
	/* The address of .stapsdt.base, if there is such a section. */
	uint64_t base;
	bool has_base;
};

static bool is_for_this_machine(Elf *elf)
{
#if defined(__x86_64__)
	const int machine = EM_X86_64;
#elif defined(__aarch64__)
	const int machine = EM_AARCH64;
#else
	const int machine = EM_NONE;
#endif
	GElf_Ehdr head;

	return elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &head) && head.e_machine == machine &&
	       head.e_ident[EI_CLASS] == ELFCLASS64;
}

/* The next section with this name after a given one (NULL: from the beginning). NULL: there is none. */
static Elf_Scn *find_section(const struct elf_file *f, Elf_Scn *after, const char *name, GElf_Shdr *head)
{
	Elf_Scn *section;

	for (section = elf_nextscn(f->elf, after); section; section = elf_nextscn(f->elf, section)) {
		const char *own = gelf_getshdr(section, head) ? elf_strptr(f->elf, f->names, head->sh_name)
							      : NULL;

		if (own && !strcmp(own, name))
			return section;
	}
	return NULL;
}

/*
 * Finds the offset in the file of what is loaded at an address. Returns false if nothing is,
 * or if it must be executable and is not.
 */
static bool file_offset(const struct elf_file *f, uint64_t address, bool executable, uint64_t *offset)
{
	GElf_Phdr head;
	size_t n = 0;

	if (elf_getphdrnum(f->elf, &n))
		return false;
	for (size_t i = 0; i < n && gelf_getphdr(f->elf, (int)i, &head); i++) {
		if (head.p_type != PT_LOAD || address < head.p_vaddr ||
		    address - head.p_vaddr >= head.p_filesz || (executable && !(head.p_flags & PF_X)))
			continue;
		*offset = head.p_offset + (address - head.p_vaddr);
		return true;
	}
	return false;
}

/* Takes the string that begins here, with its NUL. NULL: it has none before the end. */
static const char *take_text(const char **at, const char *end)
{
	const char *text = *at, *nul = memchr(text, '\0', (size_t)(end - text));

	if (nul)
		*at = nul + 1;
	return nul ? text : NULL;
}

static int add(struct pw_notes *notes, const struct pw_note *note)
{
	int err = pw_array_reserve(&notes->at, &notes->room, notes->n + 1, sizeof(*notes->at));

	if (err)
		return err;
	notes->at[notes->n++] = *note;
	return 0;
}

/* A note is three addresses, then provider, name and arguments as strings. */
static int take_note(struct pw_notes *notes, const struct elf_file *f, const char *at, size_t size)
{
	const char *end = at + size, *provider, *name, *arguments;
	uint64_t address[3], moved = 0;
	struct pw_note note = {.offset = 0};

	if (size < sizeof(address))
		return -EBADMSG;
	memcpy(address, at, sizeof(address));
	at += sizeof(address);
	provider = take_text(&at, end);
	name = provider ? take_text(&at, end) : NULL;
	arguments = name ? take_text(&at, end) : NULL;
	if (!arguments)
		return -EBADMSG;
	if (strcmp(provider, PROVIDER) != 0 || !*name)
		return 0;
	/* Prelinking moves the sections that are loaded, but does not adjust notes. */
	if (f->has_base && address[1])
		moved = f->base - address[1];
	if (!file_offset(f, address[0] + moved, true, &note.offset))
		return -EBADMSG;
	if (address[2] && !file_offset(f, address[2] + moved, false, &note.semaphore))
		return -EBADMSG;
	memcpy(note.name, name, strnlen(name, PW_MARK_LEN - 1));
	pw_operand_parse(&note.value, arguments);
	return add(notes, &note);
}

static int read_section(struct pw_notes *notes, const struct elf_file *f, Elf_Scn *section)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t at = 0, name, body;
	GElf_Nhdr head;
	int err = 0;

	while (!err && data && at < data->d_size) {
		at = gelf_getnote(data, at, &head, &name, &body);
		if (!at)
			return -EBADMSG;
		if (head.n_type != TYPE || head.n_namesz != sizeof(OWNER) ||
		    memcmp((char *)data->d_buf + name, OWNER, sizeof(OWNER)) != 0)
			continue;
		err = take_note(notes, f, (char *)data->d_buf + body, head.n_descsz);
	}
	return err;
}

int pw_notes_read(struct pw_notes *notes, int fd)
{
	struct elf_file f = {0};
	GElf_Shdr head;
	Elf_Scn *section;
	int err = 0;

	*notes = (struct pw_notes){0};
	elf_version(EV_CURRENT);
	f.elf = elf_begin(fd, ELF_C_READ, NULL);
	if (!f.elf || !is_for_this_machine(f.elf) || elf_getshdrstrndx(f.elf, &f.names)) {
		elf_end(f.elf);
		return 0;
	}
	if (find_section(&f, NULL, BASE, &head)) {
		f.has_base = true;
		f.base = head.sh_addr;
	}
	for (section = find_section(&f, NULL, SECTION, &head); section && !err;
	     section = find_section(&f, section, SECTION, &head))
		if (head.sh_type == SHT_NOTE)
			err = read_section(notes, &f, section);
	elf_end(f.elf);
	return err;
}

void pw_notes_free(struct pw_notes *notes)
{
	free(notes->at);
	*notes = (struct pw_notes){0};
}
