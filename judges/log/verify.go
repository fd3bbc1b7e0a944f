// Judge: Go's checksum-database packages (sumdb/note, sumdb/tlog) on a log's static files.
//
// usage: verify LOG INDEX... ; exits 1 with the reason when anything is not as signed.
// Checks the checkpoint's signature, recomputes the root from every entry, proves each
// INDEX from the tiles and checks that a wrong leaf is refused.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "FAILED:", err)
		os.Exit(1)
	}
}

// files reads tiles where c2sp.org/tlog-tiles keeps them: a height of 8 is not in the path.
type files struct{ dir string }

func (f files) Height() int                     { return 8 }
func (f files) SaveTiles([]tlog.Tile, [][]byte) {}
func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		path := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.dir, path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// entry names the bundle of entries as the tile of level 0 beside it is named.
func bundle(index, width int64) string {
	t := tlog.Tile{H: 8, L: 0, N: index, W: int(width)}
	return strings.Replace(t.Path(), "tile/8/0/", "tile/entries/", 1)
}

func entries(dir string, size int64) ([][]byte, error) {
	var all [][]byte
	for index := int64(0); index*256 < size; index++ {
		width := size - index*256
		if width > 256 {
			width = 256
		}
		data, err := os.ReadFile(filepath.Join(dir, bundle(index, width)))
		if err != nil {
			return nil, err
		}
		for len(data) >= 2 {
			n := int(binary.BigEndian.Uint16(data))
			if len(data) < 2+n {
				return nil, fmt.Errorf("truncated bundle %d", index)
			}
			all, data = append(all, data[2:2+n]), data[2+n:]
		}
	}
	if int64(len(all)) != size {
		return nil, fmt.Errorf("%d entries, %d signed", len(all), size)
	}
	return all, nil
}

// stored keeps the hashes of a tree built anew, in the order of StoredHashIndex.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var all []tlog.Hash
	for _, i := range indexes {
		all = append(all, s[i])
	}
	return all, nil
}

func main() {
	dir := os.Args[1]
	key, err := os.ReadFile(filepath.Join(dir, "key"))
	must(err)
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	must(err)
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	must(err)
	opened, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	raw, err := base64.StdEncoding.DecodeString(lines[2])
	must(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], raw)

	all, err := entries(dir, size)
	must(err)
	var own stored
	for i, data := range all {
		hashes, err := tlog.StoredHashes(int64(i), data, own)
		must(err)
		own = append(own, hashes...)
	}
	root, err := tlog.TreeHash(size, own)
	must(err)
	if root != tree.Hash {
		must(fmt.Errorf("root %v, %v signed", root, tree.Hash))
	}
	reader := tlog.TileHashReader(tree, files{dir})
	for _, arg := range os.Args[2:] {
		index, err := strconv.ParseInt(arg, 10, 64)
		must(err)
		proof, err := tlog.ProveRecord(size, index, reader)
		must(err)
		must(tlog.CheckRecord(proof, size, tree.Hash, index, tlog.RecordHash(all[index])))
		wrong := tlog.RecordHash(append([]byte("x"), all[index]...))
		if tlog.CheckRecord(proof, size, tree.Hash, index, wrong) == nil {
			must(fmt.Errorf("a wrong leaf is accepted at %d", index))
		}
		older, err := tlog.TreeHash(index+1, own)
		must(err)
		grown, err := tlog.ProveTree(size, index+1, reader)
		must(err)
		must(tlog.CheckTree(grown, size, tree.Hash, index+1, older))
	}
	fmt.Printf("sumdb/note, sumdb/tlog: %d entries, %d proofs of inclusion and of growth\n", size, len(os.Args)-2)
}
