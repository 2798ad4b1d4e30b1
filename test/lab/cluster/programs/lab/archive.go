package main

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The programs of a container that `kubectl cp` runs, as far as it uses them. An image has them as links to this one.

// `test -d PATH`
func testFolder(args []string) {
	if len(args) == 2 && args[0] == "-d" {
		if info, err := os.Stat(args[1]); err == nil && info.IsDir() {
			return
		}
	}
	os.Exit(1)
}

// `tar cf - PATH...` and `tar [--no-same-permissions --no-same-owner] -xmf - [-C FOLDER]`
func archive(args []string) {
	var err error
	if len(args) > 1 && strings.TrimPrefix(args[0], "-") == "cf" {
		err = pack(args[2:])
	} else {
		folder := "."
		if len(args) > 1 && args[len(args)-2] == "-C" {
			folder = args[len(args)-1]
		}
		err = unpack(folder)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "tar: %v\n", err)
		os.Exit(2)
	}
}

func pack(paths []string) error {
	out := tar.NewWriter(os.Stdout)
	for _, root := range paths {
		if err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return add(out, path)
		}); err != nil {
			return err
		}
	}
	return out.Close()
}

func add(out *tar.Writer, path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	target, _ := os.Readlink(path)
	header, err := tar.FileInfoHeader(info, target)
	if err != nil {
		return err
	}
	header.Name = strings.TrimPrefix(path, "/")
	if err := out.WriteHeader(header); err != nil || !info.Mode().IsRegular() {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(out, file)
	return err
}

func unpack(folder string) error {
	in := tar.NewReader(os.Stdin)
	for {
		header, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := extract(in, header, filepath.Join(folder, header.Name)); err != nil {
			return err
		}
	}
}

// Folders and files are all that a test copies into a container.
func extract(in io.Reader, header *tar.Header, path string) error {
	if header.Typeflag == tar.TypeDir {
		return os.MkdirAll(path, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, header.FileInfo().Mode().Perm())
	if err != nil {
		return err
	}
	if _, err := io.Copy(file, in); err != nil {
		return err
	}
	return file.Close()
}
