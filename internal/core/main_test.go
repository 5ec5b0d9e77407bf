package core_test

import (
	"os"
	"testing"

	"varco/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.OnBoth(m)) }
