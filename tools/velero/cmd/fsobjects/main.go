// fsobjects is an object store for Velero in a folder of this machine: bucket and key are the path below the folder that
// the setting "root" of the backup location names. Tests back up to it and restore from it without any cloud.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/vmware-tanzu/velero/pkg/plugin/framework"
)

// Set by the linker.
var version = "unknown"

type store struct{ root string }

func (s *store) Init(config map[string]string) error {
	root := config["root"]
	if !filepath.IsAbs(root) {
		return fmt.Errorf("config.root: %q is no absolute path", root)
	}
	s.root = root
	return nil
}

// path of an object; a key never leads out of its bucket.
func (s *store) path(bucket, key string) (string, error) {
	relative := filepath.FromSlash(key)
	if !filepath.IsLocal(bucket) || strings.ContainsRune(bucket, filepath.Separator) || !filepath.IsLocal(relative) {
		return "", fmt.Errorf("%s/%s is no object of this store", bucket, key)
	}
	return filepath.Join(s.root, bucket, relative), nil
}

// PutObject writes beside the object first: readers see a whole one.
func (s *store) PutObject(bucket, key string, body io.Reader) (err error) {
	path, err := s.path(bucket, key)
	if err != nil {
		return err
	}
	if err = os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	if _, err = io.Copy(file, body); err != nil {
		_ = file.Close()
		return err
	}
	if err = file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

func (s *store) ObjectExists(bucket, key string) (bool, error) {
	path, err := s.path(bucket, key)
	if err != nil {
		return false, err
	}
	_, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (s *store) GetObject(bucket, key string) (io.ReadCloser, error) {
	path, err := s.path(bucket, key)
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

func (s *store) ListObjects(bucket, prefix string) ([]string, error) {
	base, err := s.path(bucket, ".")
	if err != nil {
		return nil, err
	}
	var keys []string
	err = filepath.WalkDir(base, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() || strings.HasPrefix(entry.Name(), ".new-") {
			return nil
		}
		relative, err := filepath.Rel(base, path)
		if key := filepath.ToSlash(relative); strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
		return err
	})
	return keys, err
}

func (s *store) ListCommonPrefixes(bucket, prefix, delimiter string) ([]string, error) {
	keys, err := s.ListObjects(bucket, prefix)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	for _, key := range keys {
		if at := strings.Index(key[len(prefix):], delimiter); at >= 0 {
			found[key[:len(prefix)+at+len(delimiter)]] = true
		}
	}
	prefixes := make([]string, 0, len(found))
	for one := range found {
		prefixes = append(prefixes, one)
	}
	sort.Strings(prefixes)
	return prefixes, nil
}

func (s *store) DeleteObject(bucket, key string) error {
	path, err := s.path(bucket, key)
	if err != nil {
		return err
	}
	if err = os.Remove(path); err != nil {
		return err
	}
	// Object stores have no folders: one that holds nothing is not there.
	bucketPath := filepath.Join(s.root, bucket)
	for folder := filepath.Dir(path); folder != bucketPath; folder = filepath.Dir(folder) {
		if os.Remove(folder) != nil {
			break
		}
	}
	return nil
}

func (s *store) CreateSignedURL(bucket, key string, _ time.Duration) (string, error) {
	path, err := s.path(bucket, key)
	return "file://" + filepath.ToSlash(path), err
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Println("fsobjects", version)
		return
	}
	framework.NewServer().
		RegisterObjectStore("palette-iac.dev/fs", func(logrus.FieldLogger) (interface{}, error) { return &store{}, nil }).
		Serve()
}
